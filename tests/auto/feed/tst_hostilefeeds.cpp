// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// What no honest feed has, sent by a real server and signed by the publisher all the same: one
// clear error, nothing else fetched, nothing of it remembered, little time and memory spent.

#include "lib/feed/appcastwriter.h"
#include "lib/session/feedcheck.h"
#include "lib/signing/secretkey.h"
#include "tests/auto/feed/feedtext.h"
#include "tests/support/peakmemory.h"
#include "tests/support/waituntil.h"

#include <Freshen/FaultServer>

#include <QDirIterator>
#include <QFile>
#include <QNetworkAccessManager>
#include <QTemporaryDir>
#include <QTest>

using namespace Freshen;

namespace {

constexpr qint64 memoryLimit = 50 << 20;
constexpr auto feedPath = "/updates/appcast.xml"_L1;

QByteArray fileContent(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("missing ") + path.toUtf8();
}

QByteArray testFeed(const char *name)
{
    return fileContent(QStringLiteral(FRESHEN_TEST_DATA "/feeds/") + QLatin1StringView(name));
}

QByteArray stampWith(quint64 counter)
{
    return QByteArray(stamp).replace("42", QByteArray::number(counter));
}

// Writes down what is asked for.
class WatchedNetwork : public QNetworkAccessManager
{
public:
    QList<QUrl> fetched;

protected:
    QNetworkReply *createRequest(Operation operation, const QNetworkRequest &request,
                                 QIODevice *data) override
    {
        fetched.append(request.url());
        return QNetworkAccessManager::createRequest(operation, request, data);
    }
};

} // namespace

class tst_HostileFeeds : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void refused_data();
    void refused();
    void acc005_byteOrderMarkIsAccepted();
    void acc006_packedBomb_data();
    void acc006_packedBomb();
    void acc014_feedAddress_data();
    void acc014_feedAddress();
    void acc014_redirectToAFile();
    void acc017_installerArgumentsAreIgnored();

private:
    void check(const QUrl &url, FeedTrust trust = FeedTrust::Required);
    QUrl url() const { return m_server->url(feedPath); }
    QByteArray signedByUs(const QByteArray &content) const { return signFeed(content, m_key); }
    // The content of every file that remembers feeds.
    QByteArrayList state() const;
    void verifyRefused(const QString &code, const QString &named);

    const SecretKey m_key = *SecretKey::parse(QByteArray(32, 'a').toBase64().toStdString());
    std::unique_ptr<QTemporaryDir> m_state;
    std::unique_ptr<FaultServer> m_server;
    WatchedNetwork m_network;
    QByteArrayList m_stateBefore;
    std::optional<Error> m_error;
    CheckOutcome m_outcome;
};

// Every test begins with a feed that was accepted.
void tst_HostileFeeds::init()
{
    m_state = std::make_unique<QTemporaryDir>();
    qputenv("XDG_STATE_HOME", m_state->path().toUtf8());
    m_server = std::make_unique<FaultServer>();
    m_server->serve(feedPath, signedByUs(feed(stampWith(7) + item(version + enclosure))));
    check(url());
    QVERIFY2(!m_error, m_error ? m_error->message.c_str() : "");
    m_stateBefore = state();
    QCOMPARE(m_stateBefore.size(), 1);
    m_network.fetched.clear();
}

void tst_HostileFeeds::check(const QUrl &url, FeedTrust trust)
{
    CheckRequest request;
    request.feed = url;
    request.trust = trust;
    request.keys = {m_key.publicKey()};
    request.client.os = u"windows"_s;
    request.client.installedVersion = u"1.0"_s;
    request.client.now = QDateTime({2026, 11, 23}, {10, 0}, Qt::UTC);
    FeedCheck check(&m_network, request);
    bool hasEnded = false;
    m_error.reset();
    connect(&check, &FeedCheck::finished, this, [&] {
        m_outcome = check.outcome();
        hasEnded = true;
    });
    connect(&check, &FeedCheck::failed, this, [&](const Error &error) {
        m_error = error;
        hasEnded = true;
    });
    check.start();
    QVERIFY(waitUntil([&] { return hasEnded; }));
}

QByteArrayList tst_HostileFeeds::state() const
{
    QByteArrayList contents;
    QDirIterator files(m_state->path(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext())
        contents.append(fileContent(files.next()));
    return contents;
}

// `named` stands in the sentence: what is refused, or where it comes from.
void tst_HostileFeeds::verifyRefused(const QString &code, const QString &named)
{
    QVERIFY2(m_error, "accepted, but should have been refused");
    const QString message = toQString(m_error->message);
    QVERIFY2(toQString(errorCodeName(m_error->code)) == code, qPrintable(message));
    QVERIFY2(message.contains(named), qPrintable(message));
    QVERIFY2(message.endsWith(u'.') && message.size() < 1000, qPrintable(message));
    for (const QChar c : message)
        QVERIFY2(c.isPrint(), qPrintable(message));
    QCOMPARE(state(), m_stateBefore);
}

void tst_HostileFeeds::refused_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("code");
    const auto file = [](const char *row, const char *name, const QString &code) {
        QTest::addRow("%s_%s", row, name) << testFeed(name) << code;
    };
    file("acc001", "empty.xml", u"FEED_PARSE"_s);
    file("acc001", "whitespace.xml", u"FEED_PARSE"_s);
    file("acc002", "login-page.html", u"FEED_PARSE"_s);
    file("acc002", "login-page-xhtml.html", u"FEED_PARSE"_s);
    file("acc004", "billion-laughs.xml", u"FEED_FORBIDDEN_XML"_s);
    file("acc004", "external-entity.xml", u"FEED_FORBIDDEN_XML"_s);
    file("acc004", "external-parameter-entity.xml", u"FEED_FORBIDDEN_XML"_s);
    for (const char *name : {"utf-16-with-bom.xml", "utf-16-without-bom.xml", "invalid-utf-8.xml",
                             "nul-byte.xml", "latin-1.xml"})
        file("acc005", name, u"FEED_FORBIDDEN_XML"_s);
    const QByteArray whole = feed(stampWith(8) + item(version + enclosure).repeated(3));
    QTest::newRow("acc003_cut in the third item") << whole.chopped(40) << u"FEED_PARSE"_s;
    QTest::newRow("acc006_10001 items")
        << feed(stampWith(8) + item(version + enclosure).repeated(10'001)) << u"FEED_TOO_LARGE"_s;
    QTest::newRow("acc006_depth 1000")
        << feed(stampWith(8) + QByteArray("<a>").repeated(1000) + QByteArray("</a>").repeated(1000))
        << u"FEED_TOO_LARGE"_s;
    QTest::newRow("acc006_6 MiB") << feed(stampWith(8) + QByteArray(6 << 20, ' '))
                                  << u"FEED_TOO_LARGE"_s;
    QTest::newRow("acc009_no length")
        << feed(stampWith(8) + item(version + "<enclosure url='a.zip'/>")) << u"NO_USABLE_ITEM"_s;
    for (const char *address : {"file:///etc/passwd", "data:,x", "javascript:alert(1)",
                                "//server/../..\\share", "ftp://example.org/a.zip"})
        QTest::addRow("acc014_%s", address)
            << feed(stampWith(8) + item(version + "<enclosure length='9' url='" + address + "'/>"))
            << u"NO_USABLE_ITEM"_s;
}

void tst_HostileFeeds::refused()
{
    QFETCH(QByteArray, content);
    QFETCH(QString, code);
    const PeakMemory memory;
    m_server->serve(feedPath, signedByUs(content));
    check(url());
    verifyRefused(code, displayUrl(url()));
    QCOMPARE(m_network.fetched, QList{url()});
    // It asks nobody whom it trusts less either.
    m_server->serve(feedPath, content);
    check(url(), FeedTrust::Optional);
    QVERIFY2(m_error, "accepted unsigned");
    QCOMPARE(m_network.fetched, QList({url(), url()}));
    QCOMPARE(state(), m_stateBefore);
    QVERIFY(memory.growth().value_or(0) < memoryLimit);
}

void tst_HostileFeeds::acc005_byteOrderMarkIsAccepted()
{
    const QByteArray plain = feed(stampWith(8) + item(version + enclosure));
    m_server->serve(feedPath, signedByUs("\xef\xbb\xbf" + plain));
    check(url());
    QVERIFY2(!m_error, m_error ? m_error->message.c_str() : "");
    QCOMPARE(m_outcome.selection.reason, u"newer"_s);
    QVERIFY(state() != m_stateBefore);
}

void tst_HostileFeeds::acc006_packedBomb_data()
{
    QTest::addColumn<int>("megabytes");
    QTest::addColumn<QString>("code");
    QTest::newRow("just too large") << 6 << u"FEED_TOO_LARGE"_s;
    // Qt itself does not unpack it, and does not say why.
    QTest::newRow("bomb") << 500 << u"FEED_TOO_LARGE"_s;
}

void tst_HostileFeeds::acc006_packedBomb()
{
    QFETCH(int, megabytes);
    QFETCH(QString, code);
    FaultAnswer answer;
    answer.content = qCompress(QByteArray(qsizetype(megabytes) << 20, ' '), 9).mid(4);
    answer.headers = {"Content-Encoding: deflate"};
    m_server->serve(feedPath, answer);
    const PeakMemory memory;
    check(url());
    verifyRefused(code, displayUrl(url()));
    const auto growth = memory.growth();
    if (growth)
        QVERIFY2(*growth < memoryLimit, QByteArray::number(*growth));
}

void tst_HostileFeeds::acc014_feedAddress_data()
{
    QTest::addColumn<QUrl>("address");
    for (const char *address :
         {"http://example.org/appcast.xml", "file:///etc/passwd", "file://server/share/appcast.xml",
          "data:text/xml,<rss/>", "javascript:alert(1)", "ftp://example.org/appcast.xml",
          "//server/share/appcast.xml", "appcast.xml", ""})
        QTest::newRow(address) << QUrl(QString::fromUtf8(address));
}

void tst_HostileFeeds::acc014_feedAddress()
{
    QFETCH(QUrl, address);
    check(address);
    verifyRefused(u"URL_SCHEME"_s, displayUrl(address));
    QCOMPARE(m_network.fetched, QList<QUrl>());
}

void tst_HostileFeeds::acc014_redirectToAFile()
{
    m_server->redirect(feedPath, "file:///etc/passwd");
    check(url());
    verifyRefused(u"URL_SCHEME"_s, u"file:///etc/passwd"_s);
    QCOMPARE(m_network.fetched, QList{url()});
}

void tst_HostileFeeds::acc017_installerArgumentsAreIgnored()
{
    const QByteArray plain = feed(stampWith(8) + item(version + enclosure));
    QByteArray armed = plain;
    armed.replace("<enclosure ", "<enclosure sparkle:installerArguments='/S /D=C:\\evil' ")
        .replace("</item>",
                 "<sparkle:installerArguments>--evil</sparkle:installerArguments></item>");
    QCOMPARE(armed.count("evil"), 2);
    m_server->serve(feedPath, signedByUs(armed));
    check(url());
    QVERIFY2(!m_error, m_error ? m_error->message.c_str() : "");
    QCOMPARE(m_outcome.selection.reason, u"newer"_s);
    // Nothing keeps them: the feed is written as if they had never been there.
    QCOMPARE(writeAppcast(m_outcome.appcast), writeAppcast(*readAppcast(plain, url())));
    QVERIFY(!writeAppcast(m_outcome.appcast).contains("evil"));
}

QTEST_GUILESS_MAIN(tst_HostileFeeds)
#include "tst_hostilefeeds.moc"
