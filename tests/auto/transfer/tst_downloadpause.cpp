// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/transfer/download.h"

#include "tests/support/waituntil.h"

#include <Freshen/FaultServer>

#include <QFile>
#include <QNetworkAccessManager>
#include <QTemporaryDir>
#include <QTest>

using namespace Freshen;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

// A download that stands still because somebody wants that.
class TestDownloadPause : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void nothingIsGivenUpMeanwhile();
    void atTheVeryEnd_data();
    void atTheVeryEnd();

private:
    void prepare(const UrlPolicy &policy = {});
    void togglePause()
    {
        m_download->setPaused(true);
        m_download->setPaused(false);
    }

    const QByteArray m_content = QByteArray(4 << 20, 'x');
    QNetworkAccessManager m_manager;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<FaultServer> m_server;
    std::unique_ptr<Download> m_download;
    int m_finished = 0;
    std::optional<Error> m_error;
};

void TestDownloadPause::init()
{
    m_download.reset();
    m_folder = std::make_unique<QTemporaryDir>();
    m_server = std::make_unique<FaultServer>();
    m_finished = 0;
    m_error.reset();
}

// Of a file that nobody knows much about.
void TestDownloadPause::prepare(const UrlPolicy &policy)
{
    const DownloadRequest request{{m_server->url(u"/file"_s)}, m_folder->filePath(u"file"_s),
                                  2 * m_content.size(), {}, false};
    m_download = std::make_unique<Download>(&m_manager, policy, request);
    connect(m_download.get(), &Download::finished, this, [this] { ++m_finished; });
    connect(m_download.get(), &Download::failed, this,
            [this](const Error &error) { m_error = error; });
}

void TestDownloadPause::nothingIsGivenUpMeanwhile()
{
    FaultAnswer answer;
    answer.content = m_content;
    answer.etag = "\"1\"";
    answer.stallAfter = 1 << 20;
    FaultAnswer rest = answer;
    rest.stallAfter.reset();
    m_server->serve(u"/file"_s, {answer, rest});
    UrlPolicy policy;
    policy.limits.deadline = 5s;
    policy.limits.patience = 5s;
    prepare(policy);
    m_download->setPaused(true);
    m_download->start();
    QDeadlineTimer time(6s);
    QVERIFY(waitUntil([&] { return time.hasExpired(); }));
    QVERIFY(!m_error);
    QVERIFY(m_server->requests().isEmpty());
    m_download->setPaused(false);
    QVERIFY(waitUntil([&] { return m_download->bytesReceived() > 0 || m_error; }));
    m_download->setPaused(true);
    QVERIFY(waitUntil([&] { return m_server->connections() == 0; }));
    time = QDeadlineTimer(6s);
    QVERIFY(waitUntil([&] { return time.hasExpired(); }));
    QVERIFY(!m_error);
    m_download->setPaused(false);
    QVERIFY(waitUntil([&] { return m_finished > 0 || m_error; }));
    QVERIFY2(!m_error, m_error ? m_error->message.c_str() : "");
    QCOMPARE(m_server->requests().size(), 2);
    QFile file(m_folder->filePath(u"file"_s));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), m_content);
}

void TestDownloadPause::atTheVeryEnd_data()
{
    QTest::addColumn<bool>("isFinished");
    QTest::newRow("while it is looked at") << false;
    QTest::newRow("afterwards") << true;
}

void TestDownloadPause::atTheVeryEnd()
{
    QFETCH(bool, isFinished);
    m_server->serve(u"/file"_s, m_content);
    prepare();
    if (isFinished)
        connect(m_download.get(), &Download::finished, this, [this] { togglePause(); });
    else
        connect(m_download.get(), &Download::progressed, this, [this](qint64 done) {
            if (done == m_content.size())
                QMetaObject::invokeMethod(this, [this] { togglePause(); }, Qt::QueuedConnection);
        });
    m_download->start();
    QVERIFY(waitUntil([&] { return m_finished > 0 || m_error; }));
    // Paused before the server has said that this was all, it may have to ask once more.
    if (isFinished)
        QVERIFY(!QTest::qWaitFor([&] { return m_server->requests().size() > 1; }, 500));
    QVERIFY(!m_error);
    QCOMPARE(m_finished, 1);
}

QTEST_GUILESS_MAIN(TestDownloadPause)
#include "tst_downloadpause.moc"
