// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/auto/session/updaterfixture.h"

#include "lib/common/convert.h"
#include "platform/lock.h"

#include <QDir>
#include <QRandomGenerator>
#include <QTest>

namespace Freshen {

using namespace Qt::StringLiterals;

namespace {

constexpr int deadline = 60'000;

// Large enough for every phase to take a while.
QByteArray payload()
{
    QByteArray bytes(24 << 20, '\0');
    QRandomGenerator(1).fillRange(reinterpret_cast<quint32 *>(bytes.data()), bytes.size() / 4);
    return bytes;
}

// What the library keeps for the user goes into the workshop, too.
void openShop(Workshop &shop)
{
    for (auto variable = shop.environment.cbegin(); variable != shop.environment.cend(); ++variable)
        qputenv(qPrintable(variable.key()), variable.value().toUtf8());
    shop.release(u"1.0"_s);
    shop.release(u"2.0"_s, {}, {{u"payload"_s, payload()}});
}

} // namespace

QNetworkReply *WatchedNetwork::createRequest(Operation operation, const QNetworkRequest &request,
                                             QIODevice *data)
{
    const QString name = request.url().fileName();
    ++requests[name];
    lastRequests[name] = request;
    QNetworkRequest changed = request;
    if (diversions.contains(name))
        changed.setUrl(diversions[name]);
    return QNetworkAccessManager::createRequest(operation, changed, data);
}

Workshop &UpdaterFixture::shop()
{
    static Workshop workshop;
    static const bool isOpen = (openShop(workshop), true);
    Q_UNUSED(isOpen)
    return workshop;
}

UpdaterFixture::UpdaterFixture(const QString &installed)
    : settings(shop().path(u"settings.ini"_s), QSettings::IniFormat)
    , layout(toPath(shop().app()))
{
    for (const QString &folder : {u"apps"_s, u"home"_s}) {
        QDir(shop().path(folder)).removeRecursively();
        QDir().mkpath(shop().path(folder));
    }
    settings.clear();
    shop().install(installed);
    create();
}

UpdaterFixture::~UpdaterFixture()
{
    if (m_updater)
        m_updater->cancel();
    m_updater.reset();
    (void)beside();
}

void UpdaterFixture::create()
{
    m_updater = std::make_unique<Updater>();
    m_updater->setApplicationDirectory(shop().app());
    m_updater->setUserDriver(&driver);
    m_updater->setSettings(&settings);
    m_updater->setNetworkAccessManager(&network);
    m_updater->setReadyAutomatically(false);
    if (prepare)
        prepare(*m_updater);
}

bool UpdaterFixture::start()
{
    return m_updater->start();
}

void UpdaterFixture::restart()
{
    m_updater.reset();
    create();
    driver.heard.clear();
    start();
}

void UpdaterFixture::answerQuestions()
{
    if (auto reply = std::exchange(driver.choose, {}))
        reply(UserDriver::Choice::Install);
    else if (auto when = std::exchange(driver.install, {}))
        when(UserDriver::InstallTime::OnQuit);
}

bool UpdaterFixture::answersUntil(const std::function<bool()> &isSo)
{
    return QTest::qWaitFor(
        [&] {
            if (isSo())
                return true;
            answerQuestions();
            return isSo();
        },
        deadline);
}

QStringList UpdaterFixture::beside() const
{
    const bool isFree = QTest::qWaitFor(
        [&] {
            return Platform::identityOf(layout.lock()).empty()
                || Platform::lockFile(layout.lock()).has_value();
        },
        deadline);
    return isFree ? shop().leftovers() : QStringList{u"somebody still works there"_s};
}

} // namespace Freshen
