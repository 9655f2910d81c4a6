// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "updater-helper/trust/text.h"

#include <QTest>

using namespace Freshen::Trust;

class TestText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void base64GoesBothWays_data();
    void base64GoesBothWays();
    void acc035_otherBase64IsRefused_data();
    void acc035_otherBase64IsRefused();
    void everyOtherSpellingIsRefused();
    void hex();
    void numbers_data();
    void numbers();
    void lines();
    void utf8_data();
    void utf8();
    void escapedText_data();
    void escapedText();
    void longTextIsCut();
};

namespace {

std::string_view view(const QByteArray &bytes)
{
    return {bytes.constData(), std::size_t(bytes.size())};
}

const std::uint8_t *data(const QByteArray &bytes)
{
    return reinterpret_cast<const std::uint8_t *>(bytes.constData());
}

} // namespace

void TestText::base64GoesBothWays_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("text");
    // RFC 4648, section 10.
    QTest::newRow("nothing") << QByteArray("") << QByteArray("");
    QTest::newRow("f") << QByteArray("f") << QByteArray("Zg==");
    QTest::newRow("fo") << QByteArray("fo") << QByteArray("Zm8=");
    QTest::newRow("foo") << QByteArray("foo") << QByteArray("Zm9v");
    QTest::newRow("foob") << QByteArray("foob") << QByteArray("Zm9vYg==");
    QTest::newRow("fooba") << QByteArray("fooba") << QByteArray("Zm9vYmE=");
    QTest::newRow("foobar") << QByteArray("foobar") << QByteArray("Zm9vYmFy");
    QTest::newRow("high bits") << QByteArray("\xff\xfe\xfd\0\xfb", 5) << QByteArray("//79APs=");
}

void TestText::base64GoesBothWays()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QByteArray, text);
    QCOMPARE(toBase64(data(bytes), std::size_t(bytes.size())), text.toStdString());
    const auto decoded = fromBase64(view(text));
    QVERIFY(decoded.has_value());
    QCOMPARE(*decoded, ByteVector(bytes.begin(), bytes.end()));
}

void TestText::acc035_otherBase64IsRefused_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("no padding") << QByteArray("Zg");
    QTest::newRow("half the padding") << QByteArray("Zg=");
    QTest::newRow("too much padding") << QByteArray("Zg===");
    QTest::newRow("padding of nothing") << QByteArray("====");
    QTest::newRow("padding in front") << QByteArray("=Zm9");
    QTest::newRow("padding inside") << QByteArray("Zg==Zg==");
    QTest::newRow("one digit") << QByteArray("Z===");
    QTest::newRow("stray bits, two") << QByteArray("Zm9=");
    QTest::newRow("stray bits, four") << QByteArray("Zh==");
    QTest::newRow("URL digits") << QByteArray("__79APs=");
    QTest::newRow("space") << QByteArray("Zm9v Zm9v");
    QTest::newRow("space for a digit") << QByteArray("Zm9 ");
    QTest::newRow("line break") << QByteArray("Zm9v\nZm9v");
    QTest::newRow("line break at the end") << QByteArray("Zm9v\n");
    QTest::newRow("NUL") << QByteArray("Zm9\0", 4);
    QTest::newRow("not ASCII") << QByteArray("Zm9\xc3");
}

void TestText::acc035_otherBase64IsRefused()
{
    QFETCH(QByteArray, text);
    QVERIFY(!fromBase64(view(text)));
}

// Of all texts of four digits of a small alphabet, exactly those are taken that come back.
void TestText::everyOtherSpellingIsRefused()
{
    const std::string digits = "AQgw/=";
    int accepted = 0;
    for (std::size_t i = 0; i < 6 * 6 * 6 * 6; ++i) {
        const std::string text = {digits[i % 6], digits[i / 6 % 6], digits[i / 36 % 6],
                                  digits[i / 216]};
        const auto bytes = fromBase64(text);
        if (!bytes)
            continue;
        ++accepted;
        QCOMPARE(toBase64(bytes->data(), bytes->size()), text);
    }
    // 5^4 without padding; one '=': 3 last digits have clear bits; two: A, Q, g and w.
    QCOMPARE(accepted, 625 + 25 * 4 + 5 * 4);
}

void TestText::hex()
{
    const std::uint8_t bytes[] = {0x00, 0x7f, 0xab, 0xff};
    QCOMPARE(toHex(bytes, 4), std::string("007fabff"));
    QCOMPARE(toHex(bytes, 0), std::string());
}

void TestText::numbers_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("isNumber");
    QTest::addColumn<quint64>("number");
    const auto good = [](const QByteArray &text, quint64 number) {
        QTest::newRow(text.constData()) << text << true << number;
    };
    const auto bad = [](const char *title, const QByteArray &text) {
        QTest::newRow(title) << text << false << quint64(0);
    };
    good("0", 0);
    good("7", 7);
    good("4294967297", 4294967297);
    good("18446744073709551615", std::numeric_limits<quint64>::max());
    bad("2^64", "18446744073709551616");
    bad("huge", "99999999999999999999999");
    bad("empty", "");
    bad("leading zero", "01");
    bad("two zeros", "00");
    bad("plus", "+1");
    bad("minus", "-1");
    bad("space before", " 1");
    bad("space behind", "1 ");
    bad("letter", "1a");
    bad("hexadecimal", "0x10");
    bad("fraction", "1.0");
    bad("NUL", QByteArray("1\0", 2));
}

void TestText::numbers()
{
    QFETCH(QByteArray, text);
    QFETCH(bool, isNumber);
    QFETCH(quint64, number);
    const auto parsed = parseNumber(view(text));
    QCOMPARE(parsed.has_value(), isNumber);
    QCOMPARE(parsed.value_or(0), number);
}

void TestText::lines()
{
    using Lines = std::vector<std::string_view>;
    QCOMPARE(splitLines(""), Lines());
    QCOMPARE(splitLines("a"), Lines{"a"});
    QCOMPARE(splitLines("a\n"), Lines{"a"});
    QCOMPARE(splitLines("a\n\nb\r\n"), (Lines{"a", "", "b\r"}));
    QCOMPARE(splitLines("\n"), Lines{""});
}

void TestText::utf8_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("isValid");
    const auto row = [](const char *title, const QByteArray &text, bool isValid) {
        QTest::newRow(title) << text << isValid;
    };
    row("empty", "", true);
    row("ASCII", "abc", true);
    row("NUL", QByteArray("a\0b", 3), true);
    row("U+0080", "\xc2\x80", true);
    row("U+07FF", "\xdf\xbf", true);
    row("U+0800", "\xe0\xa0\x80", true);
    row("U+D7FF", "\xed\x9f\xbf", true);
    row("U+E000", "\xee\x80\x80", true);
    row("U+FFFF", "\xef\xbf\xbf", true);
    row("U+10000", "\xf0\x90\x80\x80", true);
    row("U+10FFFF", "\xf4\x8f\xbf\xbf", true);
    row("U+110000", "\xf4\x90\x80\x80", false);
    row("surrogate", "\xed\xa0\x80", false);
    row("last surrogate", "\xed\xbf\xbf", false);
    row("overlong NUL", QByteArray("\xc0\x80", 2), false);
    row("overlong slash", "\xc0\xaf", false);
    row("overlong in three", "\xe0\x80\xaf", false);
    row("overlong in four", "\xf0\x80\x80\xaf", false);
    row("continuation alone", "\x80", false);
    row("cut after one", "\xc3", false);
    row("cut after two", "\xe2\x82", false);
    row("cut after three", "\xf0\x9f\x98", false);
    row("broken off", "\xe2\x82x", false);
    row("five bytes", "\xf8\x88\x80\x80\x80", false);
    row("0xff", "\xff", false);
    row("Latin 1", "caf\xe9", false);
}

void TestText::utf8()
{
    QFETCH(QByteArray, text);
    QFETCH(bool, isValid);
    QCOMPARE(isValidUtf8(view(text)), isValid);
}

void TestText::escapedText_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("shown");
    const auto row = [](const char *title, const QByteArray &text, const QByteArray &shown) {
        QTest::newRow(title) << text << shown;
    };
    row("plain", "bin/app 1.0", "bin/app 1.0");
    row("umlaut", "gr\xc3\xbc\xc3\x9f", "gr\xc3\xbc\xc3\x9f");
    row("newline", "a\nb", "a\\x0ab");
    row("carriage return", "a\rb", "a\\x0db");
    row("terminal", "\x1b[31m", "\\x1b[31m");
    row("NUL", QByteArray("a\0b", 3), "a\\x00b");
    row("delete", "a\x7f", "a\\x7f");
    row("C1 control", "a\xc2\x9bm", "a\\xc2\\x9bm");
    row("right to left", "exe.\xe2\x80\xaegpj", "exe.\\xe2\\x80\\xaegpj");
    row("isolate", "\xe2\x81\xa6", "\\xe2\\x81\\xa6");
    row("line separator", "\xe2\x80\xa8", "\\xe2\\x80\\xa8");
    row("byte order mark", "\xef\xbb\xbf", "\\xef\\xbb\\xbf");
    row("invalid", "a\xff\xc3(", "a\\xff\\xc3(");
    row("cut", "a\xe2\x82", "a\\xe2\\x82");
}

void TestText::escapedText()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, shown);
    QCOMPARE(QByteArray::fromStdString(escaped(view(text))), shown);
}

void TestText::longTextIsCut()
{
    const std::string shown = escaped(std::string(1'000'000, 'x'));
    QVERIFY(shown.size() < 500);
    QVERIFY(shown.ends_with("…"));
    QVERIFY(escaped(std::string(1'000'000, '\x1b')).size() < 500);
}

QTEST_GUILESS_MAIN(TestText)
#include "tst_text.moc"
