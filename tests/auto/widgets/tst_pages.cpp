// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// What holds for every page: nothing is cut off, everything can be read, reached and named, in
// light and in dark, in languages of many words and from right to left. Saves pictures of all pages
// in the folder that FRESHEN_SCREENSHOTS names.

#include "tests/auto/widgets/dialogfixture.h"
#include "tests/auto/widgets/samplepages.h"
#include "tests/auto/widgets/variants.h"

#include <Freshen/UpdateSettings>

#include <QAccessible>
#include <QAction>
#include <QApplication>
#include <QCheckBox>
#include <QLabel>
#include <QLayout>
#include <QPainter>
#include <QScreen>
#include <QScrollBar>
#include <QTest>
#include <QTextEdit>
#include <QWindow>

#include <algorithm>
#include <cmath>

using namespace Freshen;

namespace {

QIcon appIcon()
{
    QPixmap pixmap(128, 128);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(QColor(0x2f, 0x6f, 0xb5));
    painter.drawRoundedRect(8, 8, 112, 112, 20, 20);
    painter.setPen(QPen(Qt::white, 10, Qt::SolidLine, Qt::RoundCap));
    for (const int y : {40, 64, 88})
        painter.drawLine(34, y, y == 88 ? 70 : 94, y);
    return pixmap;
}

QWidgetList visibleWidgets(QWidget *window)
{
    QWidgetList widgets;
    for (auto *widget : window->findChildren<QWidget *>()) {
        if (widget->isVisible())
            widgets += widget;
    }
    return widgets;
}

bool isCutOff(const QWidget *widget)
{
    if (!widget->parentWidget()->rect().contains(widget->geometry()))
        return true;
    if (const auto *label = qobject_cast<const QLabel *>(widget); label && label->wordWrap())
        return label->height() < label->heightForWidth(label->width());
    if (const auto *text = qobject_cast<const QTextEdit *>(widget))
        return text->objectName() != QLatin1String("notes") // those may scroll
            && text->verticalScrollBar()->maximum() > 0;
    if (!qobject_cast<const QLabel *>(widget) && !qobject_cast<const QAbstractButton *>(widget))
        return false;
    const QSize wanted = widget->sizeHint();
    return widget->width() < wanted.width() || widget->height() < wanted.height();
}

// How much higher a window is than it needs to be.
int spareHeight(const QWidget *window)
{
    return window->height() - window->layout()->totalHeightForWidth(window->width());
}

// As WCAG defines it.
double luminance(const QColor &color)
{
    const auto part = [](double value) {
        return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * part(color.redF()) + 0.7152 * part(color.greenF())
        + 0.0722 * part(color.blueF());
}

double contrast(const QColor &a, const QColor &b)
{
    const double first = luminance(a) + 0.05;
    const double second = luminance(b) + 0.05;
    return std::max(first, second) / std::min(first, second);
}

// The strongest contrast that really appears in a widget's picture, to its most common colour.
double visibleContrast(QWidget *widget)
{
    const QImage image = widget->grab().toImage().convertToFormat(QImage::Format_RGB32);
    QHash<QRgb, int> count;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x)
            ++count[image.pixel(x, y)];
    }
    const auto most = std::max_element(count.begin(), count.end());
    double best = 1;
    for (auto it = count.begin(); it != count.end(); ++it)
        best = std::max(best, contrast(QColor(it.key()), QColor(most.key())));
    return best;
}

void savePicture(QWidget *window, const QByteArray &name)
{
    const QString folder = qEnvironmentVariable("FRESHEN_SCREENSHOTS");
    if (folder.isEmpty())
        return;
    QDir().mkpath(folder);
    const QString file = folder + u'/' + QString::fromLatin1(name) + QStringLiteral(".png");
    QVERIFY2(window->grab().save(file), qPrintable(file));
}

} // namespace

class TestPages : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();

    void looks_data();
    void looks();
    void settingsLook_data();
    void settingsLook();
    void followsThePalette();
    void focusableWidgetsHaveNames_data();
    void focusableWidgetsHaveNames();
    void everythingIsReachedWithTab_data();
    void everythingIsReachedWithTab();
    void accessKeysAreUnique_data();
    void accessKeysAreUnique();
    void namesItselfToScreenReaders_data();
    void namesItselfToScreenReaders();

private:
    void eachPage();
    void show(DialogFixture &fixture);
    static QKeySequence accessKey(const QWidget *widget);
};

void TestPages::initTestCase()
{
    QApplication::setStyle(QStringLiteral("Fusion"));
    QGuiApplication::setApplicationDisplayName(QStringLiteral("Notes"));
    QApplication::setWindowIcon(appIcon());
    QApplication::setQuitOnLastWindowClosed(false);
}

void TestPages::cleanupTestCase()
{
    QApplication::setPalette(QPalette());
}

void TestPages::eachPage()
{
    QTest::addColumn<int>("page");
    const QList<SamplePage> pages = samplePages();
    for (int i = 0; i < pages.size(); ++i)
        QTest::newRow(pages.at(i).name) << i;
}

void TestPages::show(DialogFixture &fixture)
{
    QFETCH(int, page);
    samplePages().at(page).show(fixture.driver());
    QVERIFY(QTest::qWaitForWindowExposed(fixture.window()));
}

void TestPages::looks_data()
{
    QTest::addColumn<int>("page");
    QTest::addColumn<int>("variant");
    const QList<SamplePage> pages = samplePages();
    for (int v = 0; v < variants().size(); ++v) {
        for (int i = 0; i < pages.size(); ++i)
            QTest::addRow("%s-%s", pages.at(i).name, variants().at(v).name) << i << v;
    }
}

void TestPages::looks()
{
    QFETCH(int, variant);
    const auto language = variants().at(variant).use();
    DialogFixture fixture;
    show(fixture);
    // However fast pages follow each other, the window ends with the height of the last one.
    QTRY_VERIFY(qAbs(spareHeight(fixture.window())) < fixture.window()->fontMetrics().height());
    savePicture(fixture.window(), QTest::currentDataTag());
    const QRect screen = fixture.window()->screen()->availableGeometry();
    QVERIFY(screen.size().expandedTo(fixture.window()->size()) == screen.size());
    for (QWidget *widget : visibleWidgets(fixture.window())) {
        QVERIFY2(!isCutOff(widget), qPrintable(widget->objectName()));
        const auto *label = qobject_cast<QLabel *>(widget);
        if (label && !label->text().trimmed().isEmpty())
            QVERIFY2(visibleContrast(widget) >= 4.5, qPrintable(label->text()));
    }
    if (auto *notes = fixture.find<QWidget>("notes"))
        QVERIFY(visibleContrast(notes) >= 4.5);
}

void TestPages::settingsLook_data()
{
    QTest::addColumn<int>("variant");
    for (int v = 0; v < variants().size(); ++v)
        QTest::newRow(variants().at(v).name) << v;
}

void TestPages::settingsLook()
{
    QFETCH(int, variant);
    const auto language = variants().at(variant).use();
    DialogFixture fixture;
    fixture.updater().setAutomaticallyChecks(true);
    UpdateSettings settings(&fixture.updater());
    settings.show();
    QVERIFY(QTest::qWaitForWindowExposed(&settings));
    savePicture(&settings, QByteArray("settings-") + QTest::currentDataTag());
    QSet<QString> keys;
    for (QWidget *widget : visibleWidgets(&settings)) {
        QVERIFY2(!isCutOff(widget), qPrintable(widget->objectName()));
        const auto *label = qobject_cast<QLabel *>(widget);
        const QString key = QKeySequence::mnemonic(label ? label->text() : QString()).toString()
            + accessKey(widget).toString();
        QVERIFY2(key.isEmpty() || !keys.contains(key), qPrintable(key));
        keys += key;
        if (widget->focusPolicy() & Qt::TabFocus) {
            QAccessibleInterface *interface = QAccessible::queryAccessibleInterface(widget);
            QVERIFY2(!interface->text(QAccessible::Name).isEmpty(),
                     qPrintable(widget->objectName()));
        }
    }
    QVERIFY(keys.size() >= 6);
}

void TestPages::followsThePalette()
{
    QApplication::setLayoutDirection(Qt::LeftToRight);
    QApplication::setPalette(lightPalette());
    DialogFixture fixture;
    fixture.driver().showUpdateFound(sampleRelease(), true, [](auto) {});
    QVERIFY(QTest::qWaitForWindowExposed(fixture.window()));
    QApplication::setPalette(darkPalette());
    QApplication::processEvents();
    QVERIFY(visibleContrast(fixture.find<QWidget>("notes")) >= 4.5);
    const QString html = fixture.find<QTextEdit>("notes")->toHtml();
    QVERIFY(html.contains(darkPalette().link().color().name()));
    QVERIFY(!html.contains(lightPalette().link().color().name()));
}

void TestPages::focusableWidgetsHaveNames_data()
{
    eachPage();
}

void TestPages::focusableWidgetsHaveNames()
{
    DialogFixture fixture;
    show(fixture);
    int focusable = 0;
    for (QWidget *widget : visibleWidgets(fixture.window())) {
        if (!(widget->focusPolicy() & Qt::TabFocus) || !widget->isEnabled())
            continue;
        ++focusable;
        QAccessibleInterface *interface = QAccessible::queryAccessibleInterface(widget);
        QVERIFY(interface);
        QVERIFY2(!interface->text(QAccessible::Name).isEmpty(), widget->metaObject()->className());
    }
    QVERIFY(focusable > 0);
}

void TestPages::everythingIsReachedWithTab_data()
{
    eachPage();
}

void TestPages::everythingIsReachedWithTab()
{
    DialogFixture fixture;
    show(fixture);
    fixture.window()->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(fixture.window()));
    QSet<QWidget *> reached;
    // Notes with links take several steps.
    for (int i = 0; i < 20; ++i) {
        QVERIFY(fixture.window()->focusWidget());
        reached += fixture.window()->focusWidget();
        QTest::keyClick(fixture.window()->focusWidget(), Qt::Key_Tab);
    }
    for (auto *button : fixture.window()->findChildren<QAbstractButton *>()) {
        if (button->isVisible() && button->isEnabled())
            QVERIFY2(reached.contains(button), qPrintable(button->text()));
    }
}

QKeySequence TestPages::accessKey(const QWidget *widget)
{
    if (const auto *button = qobject_cast<const QAbstractButton *>(widget))
        return QKeySequence::mnemonic(button->text());
    return {};
}

void TestPages::accessKeysAreUnique_data()
{
    eachPage();
}

void TestPages::accessKeysAreUnique()
{
    DialogFixture fixture;
    show(fixture);
    QSet<QString> keys;
    for (const QWidget *widget : visibleWidgets(fixture.window())) {
        if (!qobject_cast<const QAbstractButton *>(widget))
            continue;
        const QString key = accessKey(widget).toString();
        QVERIFY2(!key.isEmpty(), qPrintable(widget->objectName()));
        QVERIFY2(!keys.contains(key), qPrintable(key));
        keys += key;
    }
    QVERIFY(!keys.isEmpty());
}

void TestPages::namesItselfToScreenReaders_data()
{
    eachPage();
}

void TestPages::namesItselfToScreenReaders()
{
    DialogFixture fixture;
    show(fixture);
    QVERIFY(!fixture.window()->windowTitle().isEmpty());
    auto *heading = fixture.find<QLabel>("heading");
    QVERIFY(heading && heading->isVisible());
    QAccessibleInterface *page = QAccessible::queryAccessibleInterface(heading->parentWidget());
    QVERIFY(page);
    QCOMPARE(page->text(QAccessible::Name), heading->text());
}

QTEST_MAIN(TestPages)
#include "tst_pages.moc"
