// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "ui/widgets/notes/simplehtml.h"

#include <QElapsedTimer>
#include <QRegularExpression>
#include <QTest>

using namespace Freshen;

class TestSimpleHtml : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void rewrites_data();
    void rewrites();
    void staysShallow_data();
    void staysShallow();
    void endsWherePromised();
    void acc015_fiftyMegabytes();
};

void TestSimpleHtml::rewrites_data()
{
    QTest::addColumn<QString>("html");
    QTest::addColumn<QString>("simple");
    const auto row = [](const char *name, const char *html, const char *simple) {
        QTest::newRow(name) << QString::fromUtf8(html) << QString::fromUtf8(simple);
    };
    row("kept", "<h2>A</h2><p>b <b>c</b></p>", "<h2>A</h2><p>b <b>c</b></p>");
    row("entities stay", "a &amp; &lt;b&gt; &#8212;", "a &amp; &lt;b&gt; &#8212;");
    row("lone signs", "1 < 2 > 0", "1 &lt; 2 &gt; 0");
    row("attributes go", "<p style='color:red' onclick=x() class=\"c\">a</p>", "<p>a</p>");
    row("links", "<a target=_blank href='https://e.org/?a=1&amp;b=2'>x</a>",
        "<a href=\"https://e.org/?a=1&amp;b=2\">x</a>");
    row("quotes in links", "<a href='x\"><script>'>y</a>",
        "<a href=\"x&quot;&gt;&lt;script&gt;\">y</a>");
    row("pictures inside", "<img width=1 src=\"data:x'&quot;\" alt='a'>",
        "<img src=\"data:x'&quot;\">");
    row("pictures elsewhere", "<img src=\"https://e.org/x.png\" alt='a \"<b'>", "a &quot;&lt;b");
    row("script", "a<script>alert('</p>')</script>b", "ab");
    row("script in capitals", "a<SCRIPT>x</ScRiPt >b", "ab");
    row("script without end", "a<script>b<p>c", "a");
    row("style", "<style>@import url(file:///x);</style>a", "a");
    row("head",
        "<!DOCTYPE html><html><head><title>T</title><link rel=stylesheet href=x>"
        "</head><body background=x>a</body></html>",
        "a");
    row("frames", "<iframe src=x>b</iframe><object data=y>c</object>a", "a");
    row("other elements", "<center><font color=red>a</font></center>", "a");
    row("comments", "a<!-- <p> -->b<!-- c", "ab");
    row("processing instruction", "<?xml version='1.0'?>a", "a");
    row("not closed", "<ul><li>a<li><b>b", "<ul><li>a</li><li><b>b</b></li></ul>");
    row("paragraphs", "<p>a<p>b<h2>c</h2>", "<p>a</p><p>b</p><h2>c</h2>");
    row("nested lists", "<ul><li>a<ul><li>b</ul><li>c</ul>",
        "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>");
    row("overlapping", "<b>a<i>b</b>c</i>", "<b>a<i>b</i></b>c");
    row("ends without start", "</p></div>a</ul>", "a");
    row("cells elsewhere", "<td>a</td><tr>b</tr>", "ab");
    row("table", "<table width=9><tbody><tr><td colspan=9>a<td>b<tr><th>c</table>",
        "<table border=\"1\" cellpadding=\"4\" style=\"border-collapse: collapse\"><tr><td>a</td>"
        "<td>b</td></tr><tr><th>c</th></tr></table>");
    row("tag without end", "a<p", "a<p></p>");
    row("attribute without end", "a<b title='x", "a<b></b>");
    row("odd attributes", "<p = == =x a= / b>a", "<p>a</p>");
    row("line break", "a<br/>b<BR>c", "a<br>b<br>c");
    row("empty", "", "");
}

void TestSimpleHtml::rewrites()
{
    QFETCH(QString, html);
    QTEST(simpleHtml(html, 10'000), "simple");
}

void TestSimpleHtml::staysShallow_data()
{
    QTest::addColumn<QString>("piece");
    for (const char *piece : {"<div>", "<b>", "<ul><li>", "<table><tr><td>", "<blockquote><p>",
                              "<a href=x>", "<dl><dd>", "<pre>", "<p><div>"})
        QTest::newRow(piece) << QString::fromLatin1(piece);
}

void TestSimpleHtml::staysShallow()
{
    QFETCH(QString, piece);
    const QString html = simpleHtml(piece.repeated(20'000) + QStringLiteral("text"), 100'000);
    static const QRegularExpression tags(QStringLiteral("<(/?)[a-z]"));
    int depth = 0;
    int deepest = 0;
    for (auto match = tags.globalMatch(html); match.hasNext();) {
        depth += match.next().captured(1).isEmpty() ? 1 : -1;
        deepest = std::max(deepest, depth);
    }
    QCOMPARE(depth, 0);
    QVERIFY2(deepest > 0 && deepest <= 16, qPrintable(QString::number(deepest)));
}

void TestSimpleHtml::endsWherePromised()
{
    const QString html = QStringLiteral("<p>some <b>words</b></p>").repeated(1000);
    const QString simple = simpleHtml(html, 500);
    QVERIFY(simple.size() >= 500 && simple.size() < 600);
    QVERIFY(simple.endsWith(QLatin1String("</p>")));
}

void TestSimpleHtml::acc015_fiftyMegabytes()
{
    const QString html = QStringLiteral("<p>&lt;<!-- x --><script>y</script>").repeated(1'500'000);
    QElapsedTimer timer;
    timer.start();
    QVERIFY(simpleHtml(html, 100'000).size() < 101'000);
    QVERIFY2(timer.elapsed() < 1000, qPrintable(QString::number(timer.elapsed())));
}

QTEST_GUILESS_MAIN(TestSimpleHtml)
#include "tst_simplehtml.moc"
