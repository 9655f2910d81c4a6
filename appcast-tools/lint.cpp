// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "appcast-tools/commands.h"

#include "appcast-tools/feedfile.h"
#include "appcast-tools/mirrorcheck.h"
#include "appcast-tools/newitem.h"
#include "appcast-tools/prefixcheck.h"
#include "appcast-tools/rootchain.h"
#include "appcast-tools/rootcheck.h"
#include "appcast-tools/twincheck.h"
#include "lib/common/convert.h"
#include "lib/feed/appcastreader.h"
#include "lib/feed/versionorder.h"
#include "lib/package/packagewriter.h"
#include "lib/transfer/urlpolicy.h"
#include "updater-helper/trust/digest.h"

#include <QDir>
#include <QJsonArray>

#include <algorithm>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

constexpr int soonDays = 7;

// Everything that is wrong with one feed.
class Linter
{
public:
    Linter(const QString &path, std::vector<Trust::PublicKey> keys, bool allowsHttp)
        : m_path(path)
        , m_folder(QFileInfo(path).absolutePath())
        , m_keys(std::move(keys))
        , m_allowsHttp(allowsHttp)
    {
    }

    Result<Answer> run();

private:
    void readRoots();
    void checkSignature(const QByteArray &bytes);
    void checkStamp(const std::optional<FeedStamp> &stamp, const QDateTime &now);
    void checkItem(const AppcastItem &item);
    void checkFile(const QString &name, const AppcastFile &file);
    void checkEnclosure(const QString &name, const AppcastEnclosure &enclosure);
    void checkManifest(const QString &name, const AppcastItem &item);
    void checkIdentity(const QString &name, const AppcastItem &item,
                       const Trust::Manifest &manifest);
    void checkWithdrawn(const Appcast &appcast);
    void checkPairs(const QList<AppcastItem> &items);
    void checkOrder(const AppcastItem &left, const AppcastItem &right);
    void checkForSecrets();

    void error(ErrorCode code, const QString &message) { add(true, code, message); }
    void warn(ErrorCode code, const QString &message) { add(false, code, message); }
    void add(bool isError, ErrorCode code, const QString &message);
    QString localPath(const QUrl &url) const { return m_folder + u'/' + url.fileName(); }

    const QString m_path;
    const QString m_folder;
    std::vector<Trust::PublicKey> m_keys; // none: no signature is verified
    std::vector<Trust::SignedRoot> m_roots; // beside the feed
    const bool m_allowsHttp;
    QStringList m_lines;
    QJsonArray m_problems;
    int m_status = 0;
};

Result<Answer> Linter::run()
{
    const auto bytes = readFeedFile(m_path);
    if (!bytes)
        return failure(bytes);
    const auto now = publishingTime();
    if (!now)
        return failure(now);
    if (const auto feed = verifyFeed(*bytes, {}, FeedTrust::None); !feed)
        return failure(feed);
    readRoots();
    checkSignature(*bytes);
    const QByteArray content = withoutTrailers(*bytes);
    const auto appcast = readAppcast(content, QUrl::fromLocalFile(m_folder + u"/appcast.xml"_s));
    if (!appcast) {
        error(appcast.error().code, toQString(appcast.error().message));
    } else {
        for (const QString &warning : appcast->warnings)
            error(ErrorCode::NO_USABLE_ITEM, warning);
        if (const auto document = FeedDocument::parse(content); !document)
            error(document.error().code, toQString(document.error().message));
        if (const QString objection = prefixObjection(content); !objection.isEmpty())
            warn(ErrorCode::CONFIG, objection);
        checkStamp(appcast->stamp, *now);
        for (const auto &[isError, found] : rootObjections(m_roots, *bytes, appcast->stamp, *now))
            add(isError, found.code, toQString(found.message));
        for (const AppcastItem &item : appcast->items)
            checkItem(item);
        checkWithdrawn(*appcast);
        checkPairs(appcast->items);
    }
    checkForSecrets();
    for (const QString &warning : twinWarnings(m_folder))
        warn(ErrorCode::MANIFEST, warning);

    Answer answer;
    answer.status = m_status;
    answer.text = m_lines.isEmpty() ? u"%1: nothing to complain about."_s.arg(m_path)
                                    : m_lines.join(u'\n');
    answer.json = {{u"result"_s, m_problems.isEmpty() ? u"clean"_s : u"problems"_s},
                   {u"problems"_s, m_problems}};
    return answer;
}

// Refused as unsafe outweighs every other error.
void Linter::add(bool isError, ErrorCode code, const QString &message)
{
    const QString name = toQString(errorCodeName(code));
    m_lines += u"%1 %2: %3"_s.arg(isError ? u"error"_s : u"warning"_s, name, message);
    m_problems += QJsonObject{{u"level"_s, isError ? u"error"_s : u"warning"_s},
                              {u"code"_s, name},
                              {u"message"_s, message}};
    if (isError)
        m_status = std::max(m_status, exitStatus(code));
}

// Their release keys are trusted besides those that are given.
void Linter::readRoots()
{
    auto chain = readRootChain(m_folder);
    if (!chain)
        return error(chain.error().code, toQString(chain.error().message));
    m_roots = std::move(*chain);
    for (const Trust::SignedRoot &root : m_roots) {
        const auto &release = root.root.release.keys;
        m_keys.insert(m_keys.end(), release.begin(), release.end());
    }
}

void Linter::checkSignature(const QByteArray &bytes)
{
    if (!m_roots.empty())
        return; // the newest root says whose signatures count
    if (!m_keys.empty()) {
        const auto verified = verifyFeed(bytes, m_keys, FeedTrust::Required);
        if (!verified)
            error(verified.error().code, toQString(verified.error().message));
    } else if (withoutTrailers(bytes) == bytes) {
        error(ErrorCode::FEED_UNSIGNED,
              u"The feed carries no signature. Sign it with "
              "freshen-appcast."_s);
    } else {
        warn(ErrorCode::FEED_SIGNATURE,
             u"No signature was verified, because no --public-key was "
             "given."_s);
    }
}

void Linter::checkStamp(const std::optional<FeedStamp> &stamp, const QDateTime &now)
{
    if (!stamp)
        return error(ErrorCode::CONFIG,
                     u"There is no <freshen:feed>: clients cannot tell whether "
                     "the feed is old. Make it with generate."_s);
    const qint64 days = now.daysTo(stamp->expires);
    if (stamp->expires <= now)
        error(ErrorCode::STALE,
              u"The feed expired at %1. Run refresh."_s.arg(timeText(stamp->expires)));
    else if (days < soonDays)
        warn(ErrorCode::STALE, refreshReminder(*stamp));
    else if (days > maximumDays)
        warn(ErrorCode::STALE,
             u"The feed is valid for more than a year: an old copy of it hides "
             "updates for as long."_s);
    if (stamp->issued > now)
        error(ErrorCode::CLOCK,
              u"The feed was issued in the future, at %1."_s.arg(timeText(stamp->issued)));
}

void Linter::checkItem(const AppcastItem &item)
{
    const QString name = u"Version "_s + shown(item.version);
    if (item.deadline.isValid() && !item.isCritical)
        warn(ErrorCode::CONFIG,
             name + u" has a deadline that never counts: it is critical for nobody."_s);
    if (!item.enclosure)
        return;
    if (item.enclosure->os.isEmpty())
        warn(ErrorCode::WRONG_PLATFORM,
             name
                 + u" names no sparkle:os: Linux clients never see "
                   "it."_s);
    if (item.enclosures.size() > 1)
        warn(ErrorCode::WRONG_PLATFORM,
             name
                 + u" has several enclosures: Sparkle takes them for languages. Give "
                   "each an item of its own."_s);
    checkFile(name, *item.enclosure);
    checkEnclosure(name, *item.enclosure);
    for (const Error &objection : mirrorObjections(item, {m_allowsHttp, true}))
        warn(objection.code, name + u' ' + toQString(objection.message));
    if (!item.manifest)
        return error(ErrorCode::MANIFEST,
                     name
                         + u" has no <freshen:manifest>: only clients that "
                           "accept unsigned feeds can install it."_s);
    checkFile(name, *item.manifest);
    checkManifest(name, item);
    for (const AppcastDelta &delta : item.deltas)
        checkFile(name, delta);
}

// What every announced file has to be: fetchable, there, and as announced.
void Linter::checkFile(const QString &name, const AppcastFile &file)
{
    const QString place = u"%1: %2"_s.arg(name, displayUrl(file.url));
    if (const auto checked = checkUrl(file.url, {m_allowsHttp, true}); !checked)
        error(checked.error().code, u"%1: %2"_s.arg(name, toQString(checked.error().message)));
    const QFileInfo local(localPath(file.url));
    if (!local.isFile())
        return error(ErrorCode::IO, place + u" is missing beside the feed."_s);
    if (local.size() != file.length)
        return error(ErrorCode::SIZE,
                     u"%1 has %2 bytes, not %3."_s.arg(place).arg(local.size()).arg(file.length));
    const auto sha256 = Trust::sha256OfFile(toPath(local.filePath()));
    if (!sha256)
        error(sha256.error().code, toQString(sha256.error().message));
    else if (file.sha256.isEmpty())
        error(ErrorCode::HASH, place + u" has no SHA-256 in the feed."_s);
    else if (file.sha256 != toQString(*sha256))
        error(ErrorCode::HASH, place + u" is not the file whose SHA-256 is in the feed."_s);
}

void Linter::checkEnclosure(const QString &name, const AppcastEnclosure &enclosure)
{
    const auto signature = Trust::parseSignature(toStdString(enclosure.edSignature));
    if (!signature)
        return error(ErrorCode::SIGNATURE,
                     name
                         + (enclosure.hasOnlyDsaSignature()
                                ? u" has only a DSA signature, which is not accepted."_s
                                : u" has no valid sparkle:edSignature."_s));
    QFile file(localPath(enclosure.url));
    if (m_keys.empty() || !file.open(QIODevice::ReadOnly))
        return;
    const uchar *content = file.map(0, file.size());
    const auto fits = [&](const Trust::PublicKey &key) {
        return key.verify({content, std::size_t(file.size())}, *signature);
    };
    if (!content || std::none_of(m_keys.begin(), m_keys.end(), fits))
        error(ErrorCode::SIGNATURE, name + u": the sparkle:edSignature does not fit its file."_s);
}

void Linter::checkManifest(const QString &name, const AppcastItem &item)
{
    const QString path = localPath(item.manifest->url);
    const auto text = Platform::readFile(toPath(path), Trust::Manifest::maximumSize);
    if (!text)
        return; // missing, which was said
    const auto signature = Platform::readFile(toPath(path + u".minisig"_s), 64 * 1024);
    if (!signature)
        return error(ErrorCode::IO, u"%1: %2"_s.arg(name, toQString(signature.error().message)));
    const auto manifest = m_keys.empty() ? Trust::Manifest::parse(*text)
                                         : Trust::verifiedManifest(*text, *signature, m_keys);
    if (!manifest)
        return error(manifest.error().code,
                     u"%1: %2"_s.arg(name, toQString(manifest.error().message)));
    checkIdentity(name, item, *manifest);
}

void Linter::checkIdentity(const QString &name, const AppcastItem &item,
                           const Trust::Manifest &manifest)
{
    const QString channel = item.channel.isEmpty() ? u"stable"_s : item.channel;
    if (toQString(manifest.version) != item.version)
        error(ErrorCode::MANIFEST, name + u": the manifest is of another version."_s);
    if (toQString(manifest.channel) != channel)
        error(ErrorCode::WRONG_CHANNEL,
              u"%1: the manifest is of the channel %2, the item of %3."_s.arg(
                  name, toQString(manifest.channel), channel));
    const bool isOtherArch = !item.enclosure->arch.isEmpty()
        && item.enclosure->arch != toQString(manifest.arch);
    const QString os = toQString(manifest.os);
    if (isOtherArch || (item.enclosure->os != os && item.enclosure->os != feedSystem(manifest)))
        error(ErrorCode::WRONG_PLATFORM, name + u": the manifest is for another system."_s);
}

void Linter::checkWithdrawn(const Appcast &appcast)
{
    for (const AppcastItem &item : appcast.items) {
        for (const QString &version : appcast.withdrawnVersions) {
            if (item.version == version)
                warn(ErrorCode::CONFIG,
                     u"Version %1 is withdrawn, but still in the feed: other clients than "
                     "Freshen's offer it."_s.arg(shown(version)));
            else if (compareVersions(item.version, version) == 0)
                warn(ErrorCode::CONFIG,
                     u"Version %1 is offered although %2 is withdrawn: only what is written in "
                     "just the same way is meant."_s.arg(shown(item.version), shown(version)));
        }
    }
}

void Linter::checkPairs(const QList<AppcastItem> &items)
{
    for (qsizetype i = 0; i < items.size(); ++i) {
        for (qsizetype j = i + 1; j < items.size(); ++j) {
            const AppcastEnclosure left = items[i].enclosure.value_or(AppcastEnclosure());
            const AppcastEnclosure right = items[j].enclosure.value_or(AppcastEnclosure());
            if (left.os != right.os || left.arch != right.arch)
                continue;
            if (items[i].version == items[j].version)
                error(ErrorCode::CONFIG,
                      u"Version %1 for %2 is there twice: clients take the "
                      "first."_s.arg(shown(items[i].version), shown(left.os)));
            else
                checkOrder(items[i], items[j]);
        }
    }
}

// A pre-release that Sparkle's order takes for its final would never be updated to it.
void Linter::checkOrder(const AppcastItem &left, const AppcastItem &right)
{
    const auto sign = [](int number) { return (number > 0) - (number < 0); };
    const int sparkle = sign(compareVersions(left.version, right.version, Versioning::Sparkle));
    const int semver = sign(compareVersions(left.version, right.version, Versioning::SemVer));
    if (sparkle != semver)
        warn(ErrorCode::CONFIG,
             u"%1 and %2 have another order for Sparkle than for SemVer; clients without "
             "\"versioning\":\"semver\" may never get one of them."_s.arg(shown(left.version),
                                                                          shown(right.version)));
}

// Neither beside the feed nor inside a package.
void Linter::checkForSecrets()
{
    const SecretSearch secrets(m_keys);
    const QFileInfoList files = QDir(m_folder).entryInfoList(QDir::Files | QDir::Hidden);
    for (const QFileInfo &info : files) {
        const std::string path = toStdString(info.filePath());
        auto checked = secrets.requireNoneIn(toPath(info.filePath()), path);
        if (checked && !packageBaseName(info.fileName()).isEmpty())
            checked = checkContent(info.filePath(), secrets);
        if (!checked)
            error(checked.error().code, toQString(checked.error().message));
    }
}

Result<Answer> run(const CommandLine &line)
{
    const QString place = line.arguments().constFirst();
    std::vector<Trust::PublicKey> keys;
    for (const QString &text : line.values(u"public-key"_s)) {
        const auto key = publicKeyFrom(text);
        if (!key)
            return failure(key);
        keys.push_back(*key);
    }
    const QString path = QFileInfo(place).isDir() ? place + u"/appcast.xml"_s : place;
    return Linter(path, keys, line.isSet(u"allow-http"_s)).run();
}

} // namespace

Command lintCommand()
{
    Command command;
    command.name = u"lint"_s;
    command.summary = u"Says everything about a feed, and the files beside it, that would make "
                      "some client refuse, misread or never see an item."_s;
    command.example = u"lint --public-key release.pub site/"_s;
    command.arguments = u"FEED_OR_DIR"_s;
    command.minimumArguments = command.maximumArguments = 1;
    command.options = {
        {u"public-key"_s, u"A key that signs: a file, or the key itself (repeatable)."_s, u"P"_s},
        {u"allow-http"_s, u"The app allows plain http."_s},
    };
    command.run = run;
    return command;
}

} // namespace Freshen
