// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "ui/widgets/notes/notesview.h"

#include <QBuffer>
#include <QDesktopServices>
#include <QImage>
#include <QScrollBar>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>

#include <ctime>

using namespace Freshen;

using Format = Release::NotesFormat;

namespace {

// Counts what the text engine asks for.
class CountingView : public NotesView
{
public:
    QStringList asked;

protected:
    QVariant loadResource(int type, const QUrl &url) override
    {
        asked += url.toString();
        return NotesView::loadResource(type, url);
    }
};

QByteArray redPicture(int width, int height, const char *format = "png")
{
    QImage image(width, height, QImage::Format_RGB32);
    image.fill(Qt::red);
    QByteArray bytes;
    QBuffer buffer(&bytes);
    image.save(&buffer, format);
    return bytes;
}

QString redAddress(int width, int height)
{
    return QStringLiteral("data:image/png;base64,")
        + QString::fromLatin1(redPicture(width, height).toBase64());
}

int redPixels(QWidget *widget)
{
    const QImage image = widget->grab().toImage();
    int count = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x)
            count += image.pixelColor(x, y) == QColor(Qt::red);
    }
    return count;
}

void show(NotesView &view)
{
    view.resize(600, 400);
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    view.grab(); // lays out and paints everything
    view.resize(640, 420);
    view.grab();
}

} // namespace

class TestNotesView : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();

    void acc015_opensNoFileAndNoAddress_data();
    void acc015_opensNoFileAndNoAddress();
    void acc015_scriptIsInert();
    void showsPicturesInsideNotes_data();
    void showsPicturesInsideNotes();
    void manyPictures();
    void links_data();
    void links();
    void coloursAndFontsAreThePersons();
    void structureStays();
    void acc016_steeringCharacters_data();
    void acc016_steeringCharacters();
    void acc015_hostileNotesStayQuick_data();
    void acc015_hostileNotesStayQuick();
    void keepsItsPlaceWhenThePaletteChanges();

public Q_SLOTS:
    void openUrl(const QUrl &url) { m_opened += url; }

private:
    QTemporaryDir m_folder;
    QList<QUrl> m_opened;
};

void TestNotesView::initTestCase()
{
    QFile file(m_folder.filePath(QStringLiteral("red.png")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(redPicture(200, 200));
    for (const char *scheme : {"http", "https", "file", "javascript"})
        QDesktopServices::setUrlHandler(QString::fromLatin1(scheme), this, "openUrl");
}

void TestNotesView::cleanupTestCase()
{
    for (const char *scheme : {"http", "https", "file", "javascript"})
        QDesktopServices::unsetUrlHandler(QString::fromLatin1(scheme));
}

// FILE is a red picture that is there, SERVER one that answers.
void TestNotesView::acc015_opensNoFileAndNoAddress_data()
{
    QTest::addColumn<QString>("notes");
    QTest::addColumn<Format>("format");
    const auto html = [](const char *name, const char *notes) {
        QTest::newRow(name) << QString::fromLatin1(notes) << Format::Html;
    };
    html("img file", "<p>a<img src='file://FILE'>");
    html("img path", "<p>a<img src='FILE'>");
    html("img http", "<p>a<img src='http://SERVER/x.png'>");
    html("img UNC", "<p>a<img src='//SERVER/share/x.png'>");
    html("img resource", "<p>a<img src=':/qt-project.org/styles/commonstyle/images/file-16.png'>");
    html("css import", "<style>@import url(file://FILE); @import 'http://SERVER/x.css';</style>a");
    html("css background", "<p style=\"background-image: url('file://FILE')\">a</p>");
    html("css list", "<ul style=\"list-style-image: url('http://SERVER/x')\"><li>a</ul>");
    html("style sheet", "<link rel='stylesheet' type='text/css' href='http://SERVER/x.css'>a");
    html("body", "<body background='FILE'>a</body>");
    html("cell", "<table><tr><td background='file://FILE'>a</table>");
    html("frame", "<iframe src='http://SERVER/'></iframe>a");
    html("object", "<object data='file://FILE' type='image/png'></object>a");
    html("svg", "<svg><image href='file://FILE'/></svg>a");
    html("svg in data", "a<img src=\"data:image/svg+xml;base64,SVG\">");
    html("svg said to be png", "a<img src=\"data:image/png;base64,SVG\">");
    html("unquoted", "a<img src=FILE>");
    html("entities", "a<img src='file&#58;//FILE'>");
    const auto markdown = [](const char *name, const char *notes) {
        QTest::newRow(name) << QString::fromLatin1(notes) << Format::Markdown;
    };
    markdown("markdown file", "a ![b](file://FILE)");
    markdown("markdown path", "a ![b](FILE)");
    markdown("markdown http", "a ![b](http://SERVER/x.png)");
    markdown("markdown UNC", "a ![b](//SERVER/share/x.png)");
    markdown("markdown reference", "a ![b][c]\n\n[c]: file://FILE");
    markdown("markdown with html", "a <img src='file://FILE'>");
    markdown("markdown link around", "a [![b](FILE)](FILE)");
}

void TestNotesView::acc015_opensNoFileAndNoAddress()
{
    QTcpServer server;
    QVERIFY(server.listen(QHostAddress::LocalHost));
    const QString file = m_folder.filePath(QStringLiteral("red.png"));
    const QByteArray svg = "<svg xmlns='http://www.w3.org/2000/svg' width='200' height='200'>"
                           "<rect width='200' height='200' fill='#ff0000'/></svg>";
    QFETCH(QString, notes);
    QFETCH(Format, format);
    notes.replace(QLatin1String("FILE"), file)
        .replace(QLatin1String("SVG"), QString::fromLatin1(svg.toBase64()))
        .replace(QLatin1String("SERVER"), QStringLiteral("127.0.0.1:%1").arg(server.serverPort()));

    CountingView view;
    view.showNotes(notes, format);
    show(view);
    QVERIFY(view.toPlainText().contains(u'a'));
    QCOMPARE(redPixels(&view), 0);
    QCOMPARE(view.asked, QStringList());
    QVERIFY(!server.waitForNewConnection(20));
    QVERIFY2(!view.toHtml().contains(QLatin1String("<img")), qPrintable(view.toHtml()));
}

void TestNotesView::acc015_scriptIsInert()
{
    NotesView view;
    view.showNotes(QStringLiteral("<p onclick='alert(1)'>before</p><script>document.write('x')"
                                  "</script><p>after <a href='javascript:alert(1)'>link</a></p>"),
                   Format::Html);
    QCOMPARE(view.toPlainText(), QStringLiteral("before\nafter link"));
    QVERIFY(!view.toHtml().contains(QLatin1String("alert")));
}

void TestNotesView::showsPicturesInsideNotes_data()
{
    QTest::addColumn<QString>("address");
    QTest::addColumn<bool>("shown");
    const auto data = [](const char *type, const QByteArray &bytes) {
        return QStringLiteral("data:image/%1;base64,%2")
            .arg(QLatin1String(type), QString::fromLatin1(bytes.toBase64()));
    };
    QTest::newRow("png") << redAddress(30, 30) << true;
    QTest::newRow("wide") << redAddress(1900, 100) << true;
    QTest::newRow("too wide") << redAddress(2001, 10) << false;
    QTest::newRow("too high") << redAddress(10, 2001) << false;
    QTest::newRow("broken") << redAddress(30, 30).left(90) << false;
    QTest::newRow("other type") << data("bmp", redPicture(30, 30, "bmp")) << false;
    QTest::newRow("not what it says") << data("png", redPicture(30, 30, "bmp")) << false;
    QTest::newRow("more than a megabyte")
        << data("png", redPicture(30, 30) + QByteArray(1'000'000, '\0')) << false;
    QTest::newRow("no picture") << QStringLiteral("data:text/plain;base64,aGVsbG8=") << false;
}

void TestNotesView::showsPicturesInsideNotes()
{
    QFETCH(QString, address);
    QFETCH(bool, shown);
    for (const Format format : {Format::Html, Format::Markdown}) {
        if (format == Format::Markdown && address.size() > 90'000)
            continue; // Markdown is cut before
        NotesView view;
        view.showNotes(format == Format::Html
                           ? QStringLiteral("<p>a<img alt='b' src='%1'></p>").arg(address)
                           : QStringLiteral("a![b](%1)").arg(address),
                       format);
        show(view);
        QCOMPARE(redPixels(&view) > 0, shown);
        QVERIFY(view.horizontalScrollBar()->maximum() == 0);
    }
}

void TestNotesView::manyPictures()
{
    NotesView view;
    view.showNotes(QStringLiteral("<p><img src='%1'></p>").arg(redAddress(10, 10)).repeated(50),
                   Format::Html);
    QCOMPARE(view.toHtml().count(QLatin1String("<img")), 20);
}

void TestNotesView::links_data()
{
    QTest::addColumn<QString>("target");
    QTest::addColumn<bool>("opens");
    QTest::newRow("https") << QStringLiteral("https://example.org/a?b=1&c=2") << true;
    QTest::newRow("http") << QStringLiteral("http://example.org/") << true;
    QTest::newRow("file") << QStringLiteral("file:///etc/passwd") << false;
    QTest::newRow("UNC") << QStringLiteral("//host/share/x") << false;
    QTest::newRow("javascript") << QStringLiteral("javascript:alert(1)") << false;
    QTest::newRow("relative") << QStringLiteral("notes.html") << false;
    QTest::newRow("resource") << QStringLiteral("qrc:/x") << false;
}

void TestNotesView::links()
{
    QFETCH(QString, target);
    QFETCH(bool, opens);
    for (const Format format : {Format::Html, Format::Markdown}) {
        m_opened.clear();
        NotesView view;
        view.showNotes(
            format == Format::Html
                ? QStringLiteral("<p><a href=\"%1\">x</a></p>").arg(target.toHtmlEscaped())
                : QStringLiteral("[x](%1)").arg(target),
            format);
        show(view);
        view.setFocus();
        QTest::keyClick(&view, Qt::Key_Tab);
        QTest::keyClick(&view, Qt::Key_Return);
        QCOMPARE(m_opened, opens ? QList<QUrl>{QUrl(target)} : QList<QUrl>());
        QCOMPARE(view.toPlainText(), QStringLiteral("x"));
    }
}

void TestNotesView::coloursAndFontsAreThePersons()
{
    NotesView view;
    view.showNotes(QStringLiteral("<body bgcolor=black style='color:white'>"
                                  "<style>p{color:red;font-size:200px}</style>"
                                  "<p style='color:#ff0000;background:#ff0000;font-size:90px'>a "
                                  "<font color=red size=7>b</font></p></body>"),
                   Format::Html);
    show(view);
    QCOMPARE(redPixels(&view), 0);
    QCOMPARE(view.textCursor().charFormat().font().pointSizeF(), view.font().pointSizeF());
    QVERIFY(view.document()->size().height() < 3 * view.fontMetrics().height());
}

void TestNotesView::structureStays()
{
    NotesView view;
    view.showNotes(QStringLiteral("<h2>Title</h2><ul><li>one</li><li><b>two</b></li></ul>"
                                  "<table><tr><td>cell</td></tr></table>"),
                   Format::Html);
    const QString markdown = view.toMarkdown();
    QVERIFY2(markdown.contains(QLatin1String("## Title")), qPrintable(markdown));
    QVERIFY2(markdown.contains(QLatin1String("one")), qPrintable(markdown));
    QVERIFY2(markdown.contains(QLatin1String("**two**")), qPrintable(markdown));
    QVERIFY2(markdown.contains(QLatin1String("|cell")), qPrintable(markdown));
}

void TestNotesView::acc016_steeringCharacters_data()
{
    QTest::addColumn<QString>("notes");
    QTest::addColumn<Format>("format");
    QTest::newRow("text") << QStringLiteral("a\u202eb\x1b[1mc") << Format::PlainText;
    QTest::newRow("markdown") << QStringLiteral("a\u202eb\x1b[1mc") << Format::Markdown;
    QTest::newRow("html") << QStringLiteral("a\u202eb\x1b[1mc") << Format::Html;
    QTest::newRow("entities") << QStringLiteral("a&#x202e;b&#27;[1mc") << Format::Html;
}

void TestNotesView::acc016_steeringCharacters()
{
    QFETCH(QString, notes);
    QFETCH(Format, format);
    NotesView view;
    view.showNotes(notes, format);
    QCOMPARE(view.toPlainText(), QStringLiteral("ab[1mc"));
}

void TestNotesView::acc015_hostileNotesStayQuick_data()
{
    QTest::addColumn<QString>("start");
    QTest::addColumn<QString>("piece");
    QTest::addColumn<Format>("format");
    for (const char *piece : {"<table><tr><td>",
                              "<div>",
                              "<ul><li>",
                              "<b>",
                              "<li>",
                              "<p>",
                              "<td>",
                              "<tr>",
                              "<dt>",
                              "<a href=x>",
                              "<x>",
                              "<b>x</b>",
                              "<br>",
                              "<hr>",
                              "<table></table>",
                              "<script>",
                              "<!--",
                              "<img src=x>",
                              "&lt;",
                              "x",
                              "<img src='data:image/png;base64,AAAA'>",
                              "</p>",
                              "<pre>x",
                              "<sub>x<sup>y",
                              "&#x300;",
                              "&#x202e;"})
        QTest::addRow("html %s", piece) << QString() << QString::fromLatin1(piece) << Format::Html;
    QTest::newRow("cells") << QStringLiteral("<table><tr>") << QStringLiteral("<td>x")
                           << Format::Html;
    QTest::newRow("rows") << QStringLiteral("<table>") << QStringLiteral("<tr><td>x")
                          << Format::Html;
    for (const char *piece : {"> ", "[", "*a **b ", "`", "![x](y)", "- ", "<b>", "x", "a|", "\n#"})
        QTest::addRow("markdown %d", *piece)
            << QString() << QString::fromLatin1(piece) << Format::Markdown;
    QTest::newRow("text") << QString() << QStringLiteral("x") << Format::PlainText;
    QTest::newRow("lines") << QString() << QStringLiteral("\n") << Format::PlainText;
}

void TestNotesView::acc015_hostileNotesStayQuick()
{
    QFETCH(QString, start);
    QFETCH(QString, piece);
    QFETCH(Format, format);
    const QString notes = start + piece.repeated(10'000'000 / piece.size());
    // The processor's time; what else the computer does is not ours. Without a bound it is minutes;
    // with sanitizers six seconds were seen.
    const std::clock_t before = std::clock();
    NotesView view;
    view.showNotes(notes, format);
    show(view);
    const double seconds = double(std::clock() - before) / CLOCKS_PER_SEC;
    QVERIFY2(seconds < 20, qPrintable(QString::number(seconds)));
}

void TestNotesView::keepsItsPlaceWhenThePaletteChanges()
{
    NotesView view;
    view.showNotes(QStringLiteral("line\n\n").repeated(200), Format::Markdown);
    show(view);
    view.verticalScrollBar()->setValue(500);
    QPalette palette = view.palette();
    palette.setColor(QPalette::Link, Qt::yellow);
    view.setPalette(palette);
    QCOMPARE(view.verticalScrollBar()->value(), 500);
}

QTEST_MAIN(TestNotesView)
#include "tst_notesview.moc"
