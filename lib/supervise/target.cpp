// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/supervise/target.h"

#include "lib/common/convert.h"
#include "lib/package/packagereader.h"
#include "updater-helper/trust/text.h"

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

QString escaped(const QString &text)
{
    return toQString(Trust::escaped(toStdString(text)));
}

} // namespace

Target::~Target() = default;

Result<StagePlan> Target::readPlan(const FetchedBuild &package,
                                   const std::vector<Trust::PublicKey> &keys) const
{
    const auto read = readPackageManifest(package.file);
    if (!read)
        return failure(read);
    const bool isUnsigned = read->signature.isEmpty();
    if (isUnsigned && !m_trust.allowsUnsigned)
        return failure(ErrorCode::SIGNATURE,
                       u"The package %1 carries no signature of its manifest, so it is not "
                       "installed. Pack it with freshen-appcast pack."_s.arg(
                           escaped(package.name)));
    auto manifest = isUnsigned
        ? Trust::Manifest::parse(toView(read->text))
        : Trust::verifiedManifest(toView(read->text), toView(read->signature), keys);
    if (!manifest)
        return failure(manifest);
    return StagePlan{std::move(*manifest), read->text, read->signature};
}

Result<void> requireNewer(const QString &version, const QString &installed,
                          const VersionOrder &order)
{
    if (installed.isEmpty() || order(version, installed) > 0)
        return {};
    return failure(ErrorCode::DOWNGRADE,
                   u"Version %1 is not newer than the installed %2, so it is not installed."_s.arg(
                       escaped(version), escaped(installed)));
}

Result<void> requireWanted(const QString &version, const QStringList &refused)
{
    if (!refused.contains(version))
        return {};
    return failure(ErrorCode::NOT_READY,
                   u"Version %1 failed here before and is not installed again. Publish a newer "
                   "one."_s.arg(escaped(version)));
}

} // namespace Freshen
