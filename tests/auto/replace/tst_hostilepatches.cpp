// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// Patches that are made to harm whoever reads them, by what went wrong in other readers.

#include "lib/replace/bsdiffformat.h"
#include "lib/replace/bzip2stream.h"
#include "tests/auto/replace/replacementfixture.h"
#include "tests/support/peakmemory.h"

#include <limits>

using namespace Freshen;
using namespace Qt::StringLiterals;

class TestHostilePatches : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refused_data();
    void refused();
    void acceptedWithoutHarm();
    void hugeDeclaredSize();
    void endlessIdleControls();
    void cutAnywhere();
};

namespace {

constexpr qint64 largest = std::numeric_limits<qint64>::max();
const QByteArray oldFile = QByteArray("0123456789").repeated(100); // 1000 bytes

QByteArray numbers(const QList<qint64> &values)
{
    QByteArray bytes;
    for (const qint64 value : values) {
        for (const std::uint8_t byte : BsdiffFormat::writeNumber(value))
            bytes += char(byte);
    }
    return bytes;
}

struct Parts {
    QList<qint64> controls;
    qsizetype differences = 0; // so many zeros
    qsizetype newBytes = 0;
    qint64 newSize = 0;
};

QByteArray patchOf(const QByteArray &controls, const QByteArray &differences,
                   const QByteArray &newBytes, qint64 newSize)
{
    return "BSDIFF40" + numbers({controls.size(), differences.size(), newSize}) + controls
        + differences + newBytes;
}

QByteArray patchOf(const Parts &parts)
{
    return patchOf(toBzip2(numbers(parts.controls)), toBzip2(QByteArray(parts.differences, '\0')),
                   toBzip2(QByteArray(parts.newBytes, 'n')), parts.newSize);
}

// The header of an honest patch with one of its numbers replaced.
QByteArray withHeader(int index, qint64 value)
{
    QByteArray patch = patchOf({{100, 20, 0}, 100, 20, 120});
    return patch.replace(index * 8, 8, numbers({value}));
}

QString codeOf(const QByteArray &patch, QString *message = nullptr)
{
    const QTemporaryDir folder;
    const QString target = folder.filePath(u"tool"_s);
    ReplacementFixture::write(target, oldFile);
    Replacement replacement(target);
    replacement.setPatch(Replacement::Patch::Bsdiff);
    const QString code = apply(replacement, patch);
    if (message)
        *message = replacement.error().message();
    const bool isClean =
        QDir(folder.path()).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot).size()
        == 1;
    if (!isClean)
        return u"leaves something"_s;
    if (!code.isEmpty() && contentOf(target) != oldFile)
        return u"changes the target"_s;
    return code;
}

} // namespace

void TestHostilePatches::refused_data()
{
    QTest::addColumn<QByteArray>("patch");

    QTest::newRow("not a patch") << QByteArray("<html>no such file</html>").repeated(4);
    QTest::newRow("magic of another kind")
        << patchOf({{100, 20, 0}, 100, 20, 120}).replace("BSDIFF40", "BSDIFN40");
    QTest::newRow("header cut") << QByteArray("BSDIFF40") + numbers({0, 0});
    QTest::newRow("negative control length") << withHeader(1, -1);
    QTest::newRow("negative difference length") << withHeader(2, -1);
    QTest::newRow("negative new size") << withHeader(3, -120);
    QTest::newRow("smallest new size") << withHeader(3, -largest);
    QTest::newRow("control length past the end") << withHeader(1, 1 << 20);
    QTest::newRow("lengths that overflow together") << withHeader(1, largest);
    QTest::newRow("difference length that overflows") << withHeader(2, largest);
    QTest::newRow("new size beyond the disk") << withHeader(3, largest);
    QTest::newRow("new size too large by one") << withHeader(3, 121);
    QTest::newRow("new size too small by one") << withHeader(3, 119);

    // bspatch CVE-2014-9862: heap overflow.
    QTest::newRow("negative add") << patchOf({{-1, 20, 0}, 100, 20, 120});
    QTest::newRow("negative take") << patchOf({{100, -1, 0}, 100, 20, 120});
    // bspatch CVE-2020-14315: sums that overflow.
    QTest::newRow("add that overflows") << patchOf({{100, 20, 0, largest, 0, 0}, 100, 20, 130});
    QTest::newRow("take that overflows") << patchOf({{100, 20, 0, 0, largest, 0}, 100, 20, 130});
    QTest::newRow("smallest add") << patchOf({{-largest, 20, 0}, 100, 20, 120});
    QTest::newRow("both overflow together") << patchOf({{largest, largest, 0}, 100, 20, 120});
    QTest::newRow("add beyond the old file") << patchOf({{1001, 0, 0}, 1001, 0, 1001});
    QTest::newRow("move before the old file") << patchOf({{10, 0, -11, 10, 0, 0}, 20, 0, 20});
    QTest::newRow("move behind the old file") << patchOf({{10, 0, 991, 10, 0, 0}, 20, 0, 20});
    QTest::newRow("move that overflows") << patchOf({{10, 0, largest, 10, 0, largest}, 20, 0, 20});
    QTest::newRow("move back that overflows")
        << patchOf({{10, 0, -largest, 10, 0, -largest}, 20, 0, 20});

    QTest::newRow("too few controls") << patchOf({{100, 0, 0}, 100, 0, 120});
    QTest::newRow("half a control") << patchOf({{100, 20}, 100, 20, 120});
    QTest::newRow("too few differences") << patchOf({{100, 20, 0}, 99, 20, 120});
    QTest::newRow("too few new bytes") << patchOf({{100, 20, 0}, 100, 19, 120});
    QTest::newRow("too many controls") << patchOf({{100, 20, 0, 0, 0, 0}, 100, 20, 120});
    QTest::newRow("too many differences") << patchOf({{100, 20, 0}, 101, 20, 120});
    QTest::newRow("too many new bytes") << patchOf({{100, 20, 0}, 100, 21, 120});
    QTest::newRow("bytes after the end") << patchOf({{100, 20, 0}, 100, 20, 120}) + "more";
    QTest::newRow("no bzip2") << patchOf("controls", "differences", "new bytes", 120);
    QTest::newRow("bomb in the new bytes") << patchOf({{100, 20, 0}, 100, 50'000'000, 120});
}

void TestHostilePatches::refused()
{
    QFETCH(const QByteArray, patch);
    QCOMPARE(codeOf(patch), u"PATCH"_s);
}

void TestHostilePatches::acceptedWithoutHarm()
{
    QCOMPARE(codeOf(patchOf({{100, 20, 0}, 100, 20, 120})), QString());
    // To the very end of the old file, and back to its begin.
    QCOMPARE(codeOf(patchOf({{1000, 0, -1000, 1000, 0, 0}, 2000, 0, 2000})), QString());
    QCOMPARE(codeOf(patchOf({{0, 0, 1000, 0, 5, -1000}, 0, 5, 5})), QString());
}

// minio/selfupdate allocates what the header says.
void TestHostilePatches::hugeDeclaredSize()
{
    const PeakMemory memory;
    QCOMPARE(codeOf(withHeader(3, qint64(3) << 30)), u"PATCH"_s);
    QCOMPARE(codeOf(withHeader(3, largest)), u"PATCH"_s);
    if (memory.growth())
        QVERIFY2(*memory.growth() < 32 << 20, QByteArray::number(*memory.growth()).constData());
}

// A few bytes that unpack to controls for hours, none of which does anything.
void TestHostilePatches::endlessIdleControls()
{
    const QByteArray controls = toBzip2(QByteArray(200'000'000, '\0'));
    QVERIFY(controls.size() < 10'000);
    QString message;
    QCOMPARE(codeOf(patchOf(controls, toBzip2({}), toBzip2("n"), 1), &message), u"PATCH"_s);
    // Not only because the controls end some day.
    QVERIFY2(message.contains(u"never comes to an end"_s), qPrintable(message));
}

void TestHostilePatches::cutAnywhere()
{
    const QByteArray patch = patchOf({{100, 20, 0}, 100, 20, 120});
    for (qsizetype size = 1; size < patch.size(); ++size) {
        const QString code = codeOf(patch.first(size));
        QVERIFY2(code == u"PATCH"_s, qPrintable(u"%1 bytes: %2"_s.arg(size).arg(code)));
    }
}

QTEST_GUILESS_MAIN(TestHostilePatches)
#include "tst_hostilepatches.moc"
