// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// What it costs to learn that there is nothing new.

#include "tests/support/realserver.h"
#include "tests/support/workshop.h"

#include <QTest>

using namespace Freshen;
using namespace Qt::StringLiterals;

class TestUnchangedFeed : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void costsOneSmallAnswer();
};

void TestUnchangedFeed::costsOneSmallAnswer()
{
    if (!NginxServer::isAvailable())
        QSKIP("nginx is neither installed nor unpacked (platform/linux/setup.sh --tests)");
    NginxServer server;
    QVERIFY(server.start());
    Workshop shop;
    shop.release(u"1.0"_s);
    shop.install(u"1.0"_s);
    const QString name = u"appcast.xml"_s;
    server.serve(name, readAll(shop.host() + u'/' + name));
    const QStringList options{u"--feed"_s, server.url(name).toString()};
    for (int check = 0; check < 3; ++check) {
        const Outcome outcome = shop.freshen(u"check"_s, options);
        QCOMPARE(outcome.status, 3);
        QCOMPARE(outcome.json[u"reason"_s].toString(), u"up-to-date"_s);
        QTRY_COMPARE(server.requests().size(), check + 1);
    }
    QCOMPARE(server.requests().at(0).status, 200);
    for (const ServedRequest &request : server.requests().mid(1)) {
        QCOMPARE(request.status, 304);
        QVERIFY2(request.bytesSent < 1024, QByteArray::number(request.bytesSent));
        qInfo("%lld bytes", request.bytesSent);
    }
}

QTEST_GUILESS_MAIN(TestUnchangedFeed)
#include "tst_unchangedfeed.moc"
