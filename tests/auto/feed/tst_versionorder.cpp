// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/feed/versionorder.h"

#include <QProcess>
#include <QTest>

using namespace Freshen;

class tst_VersionOrder : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void acc010_sparkleVectors_data();
    void acc010_sparkleVectors();
    void acc010_semVerVectors_data();
    void acc010_semVerVectors();
};

namespace {

struct Vector {
    const char *left;
    char relation;
    const char *right;
};

void addRows(std::initializer_list<Vector> vectors)
{
    QTest::addColumn<QString>("left");
    QTest::addColumn<int>("order");
    QTest::addColumn<QString>("right");
    int number = 0;
    for (const Vector &vector : vectors) {
        const int order = vector.relation == '<' ? -1 : vector.relation == '>';
        QTest::addRow("%d: %s %c %s", ++number, vector.left, vector.relation, vector.right)
            << QString::fromUtf8(vector.left) << order << QString::fromUtf8(vector.right);
    }
}

int signOf(int order)
{
    return (order > 0) - (order < 0);
}

// Both ways round, and each against itself.
void checkOrder(Versioning versioning)
{
    QFETCH(QString, left);
    QFETCH(int, order);
    QFETCH(QString, right);
    QCOMPARE(signOf(compareVersions(left, right, versioning)), order);
    QCOMPARE(signOf(compareVersions(right, left, versioning)), -order);
    QCOMPARE(compareVersions(left, left, versioning), 0);
    QCOMPARE(compareVersions(right, right, versioning), 0);
}

// What `freshen compare` prints.
QByteArray printedOrder(const QString &left, const QString &right)
{
    QProcess program;
    program.start(QStringLiteral(FRESHEN_BUILD_BIN "/freshen"),
                  {QStringLiteral("compare"), QStringLiteral("--"), left, right});
    return program.waitForFinished() && program.exitCode() == 0 ? program.readAllStandardOutput()
                                                                : program.readAllStandardError();
}

} // namespace

void tst_VersionOrder::acc010_sparkleVectors_data()
{
    addRows({
        // The vectors of Sparkle's own test.
        {"1.0", '<', "1.1"},
        {"2.0", '>', "1.1"},
        {"0.1", '>', "0.0.1"},
        {"0.1", '<', "0.1.2"},
        {"1.5.5-335d3e2", '<', "1.5.6-b252311"},
        {"1.5.5-335d3e2", '=', "1.5.5-a655360"},
        {"1.5-335d3e2", '=', "1.5.0-335d3e2"},
        {"1.5.5", '<', "1.5.6a1"},
        {"1.1.0b1", '<', "1.1.0b2"},
        {"1.1.1b2", '<', "1.1.2b1"},
        {"1.1.1b2", '<', "1.1.2a1"},
        {"1.0a1", '<', "1.0b1"},
        {"1.0b1", '<', "1.0"},
        {"0.9", '<', "1.0a1"},
        {"1.0b", '<', "1.0b2"},
        {"1.0b10", '<', "1.0b11"},
        {"1.0b9", '<', "1.0b10"},
        {"1.0rc", '<', "1.0"},
        {"1.0b", '<', "1.0"},
        {"1.0pre1", '<', "1.0"},
        {"1.0 (1234)", '<', "1.0 (1235)"},
        {"1.0b1 (1234)", '<', "1.0 (1234)"},
        {"1.0b5 (1234)", '<', "1.0b5 (1235)"},
        {"1.0b5 (1234)", '<', "1.0.1b5 (1234)"},
        {"1.0.1b5 (1234)", '<', "1.0.1b6 (1234)"},
        {"2.0.0.2429", '<', "2.0.0.2430"},
        {"1.1.1.1818", '<', "2.0.0.2430"},
        {"3.3 (5847)", '<', "3.3.1b1 (5902)"},
        {"1.1.1.1818", '=', "1.1.1.1818.0"},
        {"3.3b1 (5902)", '=', "3.3.0b1 (5902)"},
        {"201210251627", '<', "201211051041"},
        // What follows from the rules.
        {"1.0", '=', "1.0.0"},
        {"1.0pre1", '=', "1.0.0pre1"},
        {"3.3 (5847)", '=', "3.3.0 (5847)"},
        {"201210251627", '=', "201210251627.0"},
        {"1.0", '>', "1.0b1"},
        {"1.0b", '<', "1.0b2"},
        {"1.0", '<', "1.0 (1)"},
        {"1.0+5", '<', "1.0"},
        {"1.0_1", '>', "1.0"},
        {"", '=', "0"},
        {"", '=', "0.0"},
        {"", '<', "0.1"},
        {"", '<', "1"},
        {"1.10", '>', "1.9"},
        {"1..2", '<', "1.0.2"},
        {"1.0-beta.1", '=', "1.0"},
        {"1.0~rc1", '<', "1.0"},
        {"1.0B1", '<', "1.0a1"},
        {"1:0", '=', "1_0"},
        {"v1.0", '<', "0.1"},
        {"-1", '<', "1"},
        {"-1", '<', ".1"},
        {"-1", '<', "-2"},
        {"9223372036854775806", '<', "9223372036854775807"},
        {"99999999999999999999", '=', "9223372036854775807"},
        {"1.٢", '=', "1.2"},
        // Sparkle's own test has these two switched off, because they turn out so.
        {".1", '<', "0.0.1"},
        {"1.0 beta", '>', "1.0"},
    });
}

void tst_VersionOrder::acc010_sparkleVectors()
{
    checkOrder(Versioning::Sparkle);
    QFETCH(QString, left);
    QFETCH(int, order);
    QFETCH(QString, right);
    QCOMPARE(printedOrder(left, right), QByteArray(1, "<=>"[order + 1]) + '\n');
}

void tst_VersionOrder::acc010_semVerVectors_data()
{
    addRows({
        // Section 11 of semver.org.
        {"1.0.0", '<', "2.0.0"},
        {"2.0.0", '<', "2.1.0"},
        {"2.1.0", '<', "2.1.1"},
        {"1.0.0-alpha", '<', "1.0.0"},
        {"1.0.0-alpha", '<', "1.0.0-alpha.1"},
        {"1.0.0-alpha.1", '<', "1.0.0-alpha.beta"},
        {"1.0.0-alpha.beta", '<', "1.0.0-beta"},
        {"1.0.0-beta", '<', "1.0.0-beta.2"},
        {"1.0.0-beta.2", '<', "1.0.0-beta.11"},
        {"1.0.0-beta.11", '<', "1.0.0-rc.1"},
        {"1.0.0-rc.1", '<', "1.0.0"},
        // Build metadata has no rank.
        {"1.0.0+20260101", '=', "1.0.0+20270101"},
        {"1.0.0-rc.1+a-b", '=', "1.0.0-rc.1"},
        {"1.0.0+a-b", '>', "1.0.0-rc.1"},
        {"1.10.0", '>', "1.9.0"},
        {"1.0.0-a-b", '>', "1.0.0-a"},
        {"1.0.0-A", '<', "1.0.0-a"},
        {"1.0.0-99999999999999999999", '<', "1.0.0-100000000000000000000"},
        // Not of the standard, yet seen.
        {"1.0", '=', "1.0.0"},
        {"1", '<', "1.0.1"},
        {"1..2", '<', "1..3"},
        {"1.0.01", '=', "1.0.1"},
    });
}

void tst_VersionOrder::acc010_semVerVectors()
{
    checkOrder(Versioning::SemVer);
}

QTEST_GUILESS_MAIN(tst_VersionOrder)
#include "tst_versionorder.moc"
