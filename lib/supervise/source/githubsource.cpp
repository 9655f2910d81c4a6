// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/supervise/source/githubsource.h"

#include "lib/common/clock.h"
#include "lib/common/convert.h"
#include "lib/transfer/answerhead.h"

#include <QNetworkRequest>

namespace Freshen {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr qint64 maximumPage = 8 << 20;
constexpr std::chrono::seconds longestWait = 24h;

QUrl pageOf(const GithubSource::Place &place)
{
    QUrl page = place.api;
    QString path = page.path(QUrl::FullyEncoded);
    while (path.endsWith(u'/'))
        path.chop(1);
    page.setPath(path + u"/repos/"_s + place.repository + u"/releases/latest"_s);
    return page;
}

// Nothing where it is no matter of asking too often.
std::optional<std::chrono::seconds> askedWait(const QNetworkReply &answer)
{
    bool isNumber = false;
    const qint64 after = answer.rawHeader("Retry-After").toLongLong(&isNumber);
    if (isNumber)
        return std::clamp(std::chrono::seconds(after), 0s, longestWait);
    const qint64 reset = answer.rawHeader("X-RateLimit-Reset").toLongLong(&isNumber);
    if (!isNumber || answer.rawHeader("X-RateLimit-Remaining").trimmed() != "0")
        return {};
    const qint64 now = Clock::current().now().toSecsSinceEpoch();
    return std::clamp(std::chrono::seconds(std::max<qint64>(reset, now) - now), 0s, longestWait);
}

} // namespace

GithubSource::GithubSource(const Place &place, const SourceOptions &options)
    : RecordedSource(u"github:"_s + pageOf(place).toString(), u"github:"_s + place.repository,
                     options)
    , m_page(pageOf(place))
{
}

void GithubSource::start()
{
    m_fetch = std::make_unique<Fetch>(options().manager, pagePolicy(), maximumPage,
                                      ErrorCode::FEED_TOO_LARGE);
    m_fetch->setValidators(known().validators);
    connect(m_fetch.get(), &Fetch::finished, this, qOverload<>(&GithubSource::judge));
    connect(m_fetch.get(), &Fetch::failed, this,
            [this](const Error &error) { endFailed(error, m_fetch->retryAfter()); });
    m_fetch->start(m_page);
}

void GithubSource::stop()
{
    dropLater(m_fetch);
    dropLater(m_download);
}

UrlPolicy GithubSource::pagePolicy() const
{
    UrlPolicy policy = options().policy;
    policy.prepare = [token = options().token, prepare = policy.prepare](QNetworkRequest &request) {
        if (prepare)
            prepare(request);
        request.setRawHeader("Accept", "application/vnd.github+json");
        request.setRawHeader("X-GitHub-Api-Version", "2022-11-28");
        if (!token.isEmpty())
            request.setRawHeader("Authorization", "Bearer " + token);
    };
    policy.explain = [this](const QNetworkReply &answer) { return explain(answer); };
    return policy;
}

std::optional<TransferError> GithubSource::explain(const QNetworkReply &answer) const
{
    const int status = statusOf(answer);
    const auto wait = status == 403 || status == 429 ? askedWait(answer) : std::nullopt;
    const auto error = [&](const QString &text) {
        return TransferError{
            {ErrorCode::HTTP_STATUS, text.toStdString()}, TransferError::Remedy::None, wait};
    };
    const QString place = displayUrl(m_page);
    const bool hasToken = !options().token.isEmpty();
    if (wait)
        return error(u"%1 was asked too often; it will answer again in %2 s.%3"_s.arg(place)
                         .arg(wait->count())
                         .arg(hasToken ? QString() : u" With FRESHEN_TOKEN it allows more."_s));
    if (hasToken && (status == 401 || status == 403))
        return error(u"%1 does not accept the token. Check FRESHEN_TOKEN."_s.arg(place));
    if (status == 404)
        return error(u"%1 does not exist: the repository has no release yet, or is private. For "
                     "a private one, check FRESHEN_TOKEN."_s.arg(place));
    return {};
}

void GithubSource::judge()
{
    if (m_fetch->isNotModified())
        return endWithNothing();
    const auto release = GithubRelease::parse(m_fetch->content(), displayUrl(m_page));
    if (!release)
        return endFailed(release.error());
    judge(*release);
}

void GithubSource::judge(const GithubRelease &release)
{
    if (!release.isFinal)
        return endWithNothing();
    const auto asset = release.choose(options().chooseAsset, displayName());
    if (!asset)
        return endFailed(asset.error());
    const ReleaseAsset *signature = release.find(asset->name + u".minisig"_s);
    m_record = {
        m_fetch->validators(), asset->mark + (signature ? u'\n' + signature->mark : u""_s), {}};
    // Something else about the release has changed.
    if (m_record.mark == known().mark) {
        m_record.content = known().content;
        return endKnown(m_record);
    }
    download(release, *asset);
}

void GithubSource::download(const GithubRelease &release, const ReleaseAsset &asset)
{
    m_build = {{}, asset.name, {}, release.version};
    BuildRequest request;
    request.url = addressOf(asset);
    if (const auto *signature = release.find(asset.name + u".minisig"_s))
        request.signature = addressOf(*signature);
    // It is on the list.
    request.absent.clear();
    request.policy = assetPolicy();
    request.file = folder().download();
    request.length = asset.size;
    request.maximumSize = options().maximumSize;
    request.sha256 = asset.sha256;
    m_download = std::make_unique<BuildDownload>(options().manager, request);
    connect(m_download.get(), &BuildDownload::progressed, this, &GithubSource::progressed);
    connect(m_download.get(), &BuildDownload::finished, this, [this] {
        m_build.signature = m_download->signature();
        settle(m_build, m_record);
    });
    connect(m_download.get(), &BuildDownload::failed, this,
            [this](const Error &error) { endFailed(error, m_download->retryAfter()); });
    m_download->start();
}

bool GithubSource::isApi(const QUrl &url) const
{
    return url.scheme() == m_page.scheme() && url.host() == m_page.host()
        && url.port() == m_page.port();
}

// Only the API takes a token. What it says itself does not decide who else gets that.
QUrl GithubSource::addressOf(const ReleaseAsset &asset) const
{
    return !options().token.isEmpty() && isApi(asset.api) ? asset.api : asset.download;
}

UrlPolicy GithubSource::assetPolicy() const
{
    UrlPolicy policy = options().policy;
    policy.prepare = [this, prepare = policy.prepare](QNetworkRequest &request) {
        if (prepare)
            prepare(request);
        if (options().token.isEmpty() || !isApi(request.url()))
            return;
        request.setRawHeader("Accept", "application/octet-stream");
        request.setRawHeader("Authorization", "Bearer " + options().token);
    };
    return policy;
}

} // namespace Freshen
