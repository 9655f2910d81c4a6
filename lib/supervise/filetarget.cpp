// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/supervise/filetarget.h"

#include "lib/common/clock.h"
#include "lib/common/convert.h"
#include "lib/package/packagearchive.h"
#include "lib/package/packagereader.h"
#include "platform/paths.h"
#include "updater-helper/install/history.h"
#include "updater-helper/install/record.h"
#include "updater-helper/trust/digest.h"
#include "updater-helper/trust/text.h"

#include <QFile>
#include <QFileInfo>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

constexpr std::string_view recordKind = "freshen-file-record 1";
constexpr std::size_t maximumSignature = 4096;

tl::unexpected<Error> toFailure(const UpdateError &error)
{
    return failure(errorCodeFromName(toStdString(error.code())), error.message());
}

QString shownName(const FetchedBuild &build)
{
    return toQString(Trust::escaped(toStdString(build.name)));
}

// "freshen-file PRODUCT VERSION"; nothing for any other comment.
std::optional<std::pair<QString, QString>> parseComment(const std::string &comment)
{
    const QStringList words = toQString(comment).split(u' ');
    if (words.size() != 3 || words[0] != u"freshen-file"_s || words[1].isEmpty()
        || words[2].isEmpty())
        return {};
    return std::pair(words[1], words[2]);
}

// Release pages call version 2.0 "v2.0", which no version of another form would be older than.
QString plainVersion(const QString &claimed)
{
    const bool isMarked = claimed.startsWith(u'v', Qt::CaseInsensitive) && claimed.size() > 1
        && claimed.at(1).isDigit();
    return isMarked ? claimed.mid(1) : claimed;
}

// What the file is besides freshen.json.
bool isSingleFile(const Trust::Manifest &manifest)
{
    int files = 0;
    for (const Trust::ManifestEntry &entry : manifest.entries) {
        if (entry.type != Platform::EntryType::Directory
            && entry.path != AppDescription::fileName)
            ++files;
    }
    return files == 1;
}

} // namespace

FileTarget::FileTarget(Install::Layout layout, BuildTrust trust)
    : Target(std::move(trust))
    , m_layout(std::move(layout))
{
}

FileTarget::~FileTarget() = default;

Result<std::unique_ptr<FileTarget>> FileTarget::open(const QString &file, BuildTrust trust)
{
    const QFileInfo info(file);
    if (!info.isFile())
        return failure(ErrorCode::CONFIG,
                       u"There is no file %1 to supervise and update."_s.arg(file));
    return std::unique_ptr<FileTarget>(
        new FileTarget(Install::Layout(toPath(info.canonicalFilePath())), std::move(trust)));
}

CheckRequest FileTarget::checkRequest() const
{
    CheckRequest request;
    request.keys = m_trust.keys;
    request.product = m_present.product;
    request.client.installedVersion = m_present.version;
    request.client.os = toQString(Platform::systemName());
    request.client.arch = toQString(Platform::processorName());
    request.client.now = Clock::current().now();
    const QStringList refused = refusedVersions();
    request.client.failedVersions = QSet<QString>(refused.begin(), refused.end());
    return request;
}

QStringList FileTarget::keyTexts() const
{
    QStringList texts;
    for (const Trust::PublicKey &key : m_trust.keys)
        texts += toQString(key.toSparkle());
    return texts;
}

Result<void> FileTarget::read()
{
    m_present = {};
    m_previousVersion.clear();
    const auto hash = Trust::sha256OfFile(m_layout.app());
    if (!hash)
        return failure(hash);
    const auto known = Install::Record::read(record(), recordKind);
    if (known) {
        // A product stays what it is, whoever replaced the file.
        m_present.product = toQString(known->value("product"));
        const bool isNext = known->value("next-sha256") == *hash;
        if (isNext || known->value("sha256") == *hash)
            m_present.version = toQString(known->value(isNext ? "next-version" : "version"));
        if (!Platform::identityOf(m_layout.previous()).empty())
            m_previousVersion = toQString(known->value(isNext ? "version" : "previous"));
    }
    if (!m_present.version.isEmpty())
        return {};
    // Whoever put the file there may have put its signature beside it.
    const auto text = Platform::readFile(m_layout.app().string() + ".minisig", maximumSignature);
    const auto signature = text ? Trust::MinisignSignature::parse(*text) : failure(text);
    if (!signature || !Trust::verifyMinisignFile(*signature, m_layout.app(), m_trust.keys))
        return {};
    if (const auto named = parseComment(signature->trustedComment))
        m_present = {named->first, named->second};
    return {};
}

Result<void> FileTarget::write() const
{
    const auto hash = Trust::sha256OfFile(m_layout.app());
    if (!hash)
        return failure(hash);
    Install::Record known{std::string(recordKind)};
    if (m_replacement) {
        known.add("next-version", toStdString(m_staged.version));
        known.add("next-sha256", m_replacement->sha256().toStdString());
    }
    known.add("product", toStdString(m_present.product));
    known.add("version", toStdString(m_present.version));
    known.add("sha256", *hash);
    known.add("previous", toStdString(m_previousVersion));
    return known.write(record());
}

Result<void> FileTarget::recover()
{
    if (!Platform::identityOf(replaced()).empty()) {
        Replacement unproven(toQString(m_layout.app()));
        unproven.setKeepOldAt(toQString(replaced()));
        if (!unproven.rollback())
            return toFailure(unproven.error());
    }
    return read();
}

Result<FileTarget::Identity> FileTarget::identityOf(const FetchedBuild &build) const
{
    if (build.signature.isEmpty()) {
        if (m_trust.allowsUnsigned)
            return Identity{m_present.product, plainVersion(build.claimedVersion)};
        return failure(ErrorCode::SIGNATURE,
                       u"There is no signature %1.minisig beside %1, so it is not installed. Sign "
                       "it: minisign -S, or freshen-appcast sign --minisign."_s.arg(
                           shownName(build)));
    }
    const auto signature = Trust::MinisignSignature::parse(toView(build.signature));
    if (!signature)
        return failure(signature);
    const auto named = parseComment(signature->trustedComment);
    if (named)
        return Identity{named->first, named->second};
    return failure(ErrorCode::SIGNATURE,
                   u"The signature of %1 does not say which product and version it is for. Sign it "
                   "with the trusted comment \"freshen-file PRODUCT VERSION\"."_s.arg(
                       shownName(build)));
}

Result<void> FileTarget::checkIdentity(const Identity &identity) const
{
    if (!m_present.product.isEmpty() && identity.product != m_present.product)
        return failure(ErrorCode::WRONG_PRODUCT,
                       u"The source has \"%1\", but \"%2\" is installed."_s.arg(
                           toQString(Trust::escaped(toStdString(identity.product))),
                           m_present.product));
    // Only what is not signed comes without a version.
    if (identity.version.isEmpty())
        return {};
    if (auto newer = requireNewer(identity.version, m_present.version,
                                  versionOrder(Versioning::Sparkle)); !newer)
        return newer;
    return requireWanted(identity.version, refusedVersions());
}

// The one file of a package, in a folder that the next change removes.
Result<FetchedBuild> FileTarget::unpack(const FetchedBuild &package, Identity &identity,
                                        JobControl &control) const
{
    const auto plan = readPlan(package, m_trust.keys);
    if (!plan)
        return failure(plan);
    const Trust::Manifest &manifest = plan->manifest;
    if (manifest.os != Platform::systemName() || manifest.arch != Platform::processorName())
        return failure(ErrorCode::WRONG_PLATFORM,
                       u"The package %1 is for another system or processor."_s.arg(
                           shownName(package)));
    if (!isSingleFile(manifest))
        return failure(ErrorCode::ARCHIVE,
                       u"The package %1 holds more than one file, but a single one is to be "
                       "replaced. Supervise the app's folder with --app."_s.arg(
                           shownName(package)));
    identity = {toQString(manifest.product), toQString(manifest.version)};
    if (auto removed = Platform::removeTree(m_layout.staging()); !removed)
        return failure(removed);
    auto done = unpackPackage(package.file, manifest, toView(plan->manifestText),
                              toView(plan->manifestSignature), toQString(m_layout.staging()),
                              [&](quint64 bytes) { return control.advance(qint64(bytes)); });
    if (!done)
        return failure(done);
    FetchedBuild file = package;
    file.file = toQString(m_layout.staging() / manifest.executable);
    return file;
}

Result<std::optional<StagedBuild>> FileTarget::stage(const FetchedBuild &build,
                                                     JobControl &control)
{
    Identity identity;
    FetchedBuild file = build;
    const bool isPackage = !PackageFormat::endingOf(build.name).isEmpty();
    if (isPackage) {
        auto unpacked = unpack(build, identity, control);
        if (!unpacked)
            return failure(unpacked);
        file = std::move(*unpacked);
        file.signature.clear();
    } else {
        auto named = identityOf(build);
        if (!named)
            return failure(named);
        identity = std::move(*named);
    }
    const bool isSame = !identity.version.isEmpty() && identity.version == m_present.version;
    Result<StagedBuild> staged = failure(ErrorCode::CANCELLED, std::string());
    auto fits = isSame ? Result<void>() : checkIdentity(identity);
    if (fits && !isSame)
        staged = prepare(file.file, file.signature, identity, &control);
    (void)Platform::removeTree(m_layout.staging());
    if (!fits)
        return failure(fits);
    if (isSame)
        return std::optional<StagedBuild>();
    if (!staged)
        return failure(staged);
    if (!m_replacement->isUnchanged())
        return std::optional<StagedBuild>(std::move(*staged));
    // The same content under a first or another name is worth remembering, not installing.
    m_replacement.reset();
    m_present = identity;
    const auto written = write();
    return written ? Result<std::optional<StagedBuild>>(std::nullopt) : failure(written);
}

Result<StagedBuild> FileTarget::prepare(const QString &path, const QByteArray &signature,
                                        const Identity &identity, JobControl *control)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return failure(ErrorCode::IO, u"Cannot read %1: %2."_s.arg(path, file.errorString()));
    m_replacement = std::make_unique<Replacement>(toQString(m_layout.app()));
    m_replacement->setKeepOldAt(toQString(replaced()));
    if (!signature.isEmpty())
        m_replacement->setSignature(signature, keyTexts());
    m_replacement->setProgress(
        [control](qint64 done) { return !control || control->advance(done); });
    if (!m_replacement->prepare(&file)) {
        const auto error = toFailure(m_replacement->error());
        m_replacement.reset();
        return error;
    }
    m_staged = identity;
    m_isRollback = false;
    return StagedBuild{identity.version, toPath(m_replacement->stagedFile())};
}

Result<StagedBuild> FileTarget::stagePrevious()
{
    if (Platform::identityOf(m_layout.previous()).empty())
        return failure(ErrorCode::NO_PREVIOUS,
                       u"There is no previous version of %1 to go back to."_s.arg(
                           toQString(m_layout.app())));
    auto staged = prepare(toQString(m_layout.previous()), {},
                          {m_present.product, m_previousVersion}, nullptr);
    m_isRollback = true;
    return staged;
}

Result<void> FileTarget::swap()
{
    // Both versions are on record before the file changes.
    if (auto written = write(); !written)
        return written;
    if (m_replacement->commit())
        return {};
    const auto error = toFailure(m_replacement->error());
    m_replacement.reset();
    return error;
}

// The new one is proven as soon as the old one is no longer called `replaced`.
Result<void> FileTarget::commit()
{
    m_replacement.reset();
    m_previousVersion = m_isRollback ? QString() : m_present.version;
    m_present = m_staged;
    auto done = Platform::rename(replaced(), m_layout.previous());
    if (done && m_isRollback)
        done = Platform::removeFile(m_layout.previous());
    if (done)
        done = Platform::syncDirectory(folder());
    return done ? write() : done;
}

Result<void> FileTarget::back(bool isBad)
{
    Replacement unproven(toQString(m_layout.app()));
    m_replacement.reset();
    unproven.setKeepOldAt(toQString(replaced()));
    if (!unproven.rollback())
        return toFailure(unproven.error());
    return isBad ? refuse(m_staged.version) : Result<void>();
}

Result<void> FileTarget::discard()
{
    m_replacement.reset();
    return {};
}

Result<void> FileTarget::refuse(const QString &version)
{
    if (version.isEmpty())
        return {};
    return Install::refuse(m_layout, Install::Refusal::Failed, toStdString(version));
}

QStringList FileTarget::refusedVersions() const
{
    QStringList versions;
    for (const std::string &version : Install::refusedVersions(m_layout, Install::Refusal::Failed))
        versions += toQString(version);
    return versions;
}

} // namespace Freshen
