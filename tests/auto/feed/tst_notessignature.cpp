// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/feed/notessignature.h"

#include "tests/support/resultcheck.h"

using namespace Freshen;
using namespace Qt::StringLiterals;

using Format = Release::NotesFormat;

namespace {

// The known answer of Sparkle's own tests.
const QByteArray notes = "Hello World!\n";
const QString signature = u"EIawm2YkDZ2gBfkEMF2+1VuuTeXnCGZOdnMdVgPPvDZioq7bvDayXqKkIIzSjKMmeFdcFJ"
                          "OHdnba5ZV60+gPBw=="_s;

std::vector<Trust::PublicKey> keys(std::initializer_list<const char *> texts)
{
    std::vector<Trust::PublicKey> keys;
    for (const char *text : texts)
        keys.push_back(*Trust::PublicKey::parse(text));
    return keys;
}

constexpr auto signer = "rhHib+w769W2/6/t+oM1ZxgjBB93BfBKMLO0Qo1etQs=";
constexpr auto stranger = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";

AppcastItem itemWith(const QString &edSignature, qint64 length)
{
    AppcastItem item;
    item.notesUrl = QUrl(u"https://example.org/2.0.html?token=secret"_s);
    item.notesSignature = edSignature;
    item.notesLength = length;
    return item;
}

} // namespace

class tst_NotesSignature : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void genuine();
    void refused_data();
    void refused();
    void signWarning_data();
    void signWarning();
};

void tst_NotesSignature::genuine()
{
    VERIFY_RESULT(verifyNotes(notes, itemWith(signature, 13), keys({signer})));
    VERIFY_RESULT(verifyNotes(notes, itemWith(signature, 0), keys({stranger, signer})));
    VERIFY_RESULT(verifyNotes("anything", itemWith({}, 0), {}));
}

void tst_NotesSignature::refused_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("edSignature");
    QTest::addColumn<qint64>("length");
    QTest::addColumn<QString>("code");
    QTest::newRow("changed") << QByteArray("Hello World?\n") << signature << qint64(13)
                             << u"SIGNATURE"_s;
    QTest::newRow("no signature at all") << notes << u"bG9s"_s << qint64(13) << u"SIGNATURE"_s;
    QTest::newRow("longer") << notes + '\n' << signature << qint64(13) << u"SIZE"_s;
    QTest::newRow("shorter, unsigned") << notes.chopped(1) << QString() << qint64(13) << u"SIZE"_s;
}

void tst_NotesSignature::refused()
{
    QFETCH(QByteArray, content);
    QFETCH(QString, edSignature);
    QFETCH(qint64, length);
    QFETCH(QString, code);
    const auto verified = verifyNotes(content, itemWith(edSignature, length), keys({signer}));
    QVERIFY(!verified);
    QCOMPARE(QString::fromUtf8(errorCodeName(verified.error().code).data()), code);
    const QString message = QString::fromStdString(verified.error().message);
    QVERIFY2(message.contains(u"https://example.org/2.0.html "_s), qPrintable(message));
    QVERIFY2(!message.contains(u"secret"_s), qPrintable(message));
    VERIFY_ERROR(verifyNotes(notes, itemWith(signature, 13), keys({stranger})),
                 ErrorCode::SIGNATURE);
}

void tst_NotesSignature::signWarning_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<Format>("format");
    QTest::addColumn<QByteArray>("shown");
    const QByteArray comment = "<!-- sparkle-sign-warning:\nDo not edit.\n-->";
    const auto row = [](const char *name, const QByteArray &content, Format format,
                        const QByteArray &shown) {
        QTest::newRow(name) << content << format << shown;
    };
    row("html", comment + "\n<p>x</p>", Format::Html, "<p>x</p>");
    row("markdown", comment + "\n# x\n", Format::Markdown, "# x\n");
    row("one newline is eaten", comment + "\n\n# x", Format::Markdown, "\n# x");
    row("no newline", comment + "<p>", Format::Html, "<p>");
    row("comment alone", comment, Format::Html, "");
    row("plain text", comment + "\nx", Format::PlainText, comment + "\nx");
    row("no comment", "<p>x</p>", Format::Html, "<p>x</p>");
    row("another comment", "<!-- x -->\n<p>", Format::Html, "<!-- x -->\n<p>");
    row("further down", "\n" + comment, Format::Html, "\n" + comment);
    row("without end", "<!-- sparkle-sign-warning: x", Format::Html,
        "<!-- sparkle-sign-warning: x");
}

void tst_NotesSignature::signWarning()
{
    QFETCH(QByteArray, content);
    QFETCH(Format, format);
    QTEST(withoutSignWarning(content, format), "shown");
}

QTEST_GUILESS_MAIN(tst_NotesSignature)
#include "tst_notessignature.moc"
