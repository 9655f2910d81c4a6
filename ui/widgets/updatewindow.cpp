// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "ui/widgets/updatewindow.h"

#include "ui/widgets/pages/page.h"

#include <QAccessible>
#include <QApplication>
#include <QCloseEvent>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QScreen>
#include <QStyle>

namespace Freshen {

UpdateWindow::UpdateWindow(QWidget *parent)
    : QDialog(parent)
    , m_icon(new QLabel)
{
    setObjectName(QStringLiteral("freshenUpdateWindow"));
    setWindowTitle(tr("Software Update"));
    setAttribute(Qt::WA_QuitOnClose, false);
    setModal(false);
    m_icon->setAccessibleName(tr("Icon of %1").arg(QGuiApplication::applicationDisplayName()));
    auto *layout = new QHBoxLayout(this);
    layout->setSpacing(fontMetrics().height());
    layout->addWidget(m_icon, 0, Qt::AlignTop);
}

Page *UpdateWindow::page() const
{
    return m_page;
}

void UpdateWindow::setPage(Page *page)
{
    removePage();
    m_page = page;
    layout()->addWidget(page);
    setAccessibleDescription(page->accessibleName());
    showIcon();
    page->show();
    fit();
    page->takeFocus();
    QAccessibleEvent changed(page, QAccessible::Alert);
    QAccessible::updateAccessibility(&changed);
}

void UpdateWindow::removePage()
{
    if (!m_page)
        return;
    // Often called from a button of that very page. Not disconnect(): others listen to destroyed().
    m_page->blockSignals(true);
    m_page->hide();
    layout()->removeWidget(m_page);
    m_page->deleteLater();
    m_page = nullptr;
}

void UpdateWindow::clear()
{
    hide();
    removePage();
}

void UpdateWindow::present(Focus focus)
{
    setAttribute(Qt::WA_ShowWithoutActivating, focus == Focus::Leave);
    show();
    if (focus == Focus::Leave)
        return;
    setWindowState(windowState() & ~Qt::WindowMinimized);
    raise();
    activateWindow();
}

void UpdateWindow::reject()
{
    if (m_page)
        m_page->leave();
    else
        hide();
}

bool UpdateWindow::event(QEvent *event)
{
    const bool isHandled = QDialog::event(event);
    if (event->type() == QEvent::LayoutRequest && m_page
        && height() < layout()->totalHeightForWidth(width()))
        fit();
    return isHandled;
}

void UpdateWindow::closeEvent(QCloseEvent *event)
{
    if (event->spontaneous())
        QDialog::closeEvent(event);
    else
        event->accept();
}

void UpdateWindow::keyPressEvent(QKeyEvent *event)
{
    const bool isEnter = event->key() == Qt::Key_Enter || event->key() == Qt::Key_Return;
    if (!isEnter)
        return QDialog::keyPressEvent(event);
    if (event->isAutoRepeat())
        return; // meant for the page before
    if (auto *button = qobject_cast<QPushButton *>(focusWidget()))
        button->click();
    else
        QDialog::keyPressEvent(event);
}

void UpdateWindow::showIcon()
{
    const int side = fontMetrics().height() * 7 / 2;
    QPixmap picture(QSize(side, side) * devicePixelRatio());
    picture.setDevicePixelRatio(devicePixelRatio());
    picture.fill(Qt::transparent);
    QPainter painter(&picture);
    appIcon().paint(&painter, 0, 0, side, side);
    m_page->emblem().paint(&painter, side / 2, side / 2, side / 2, side / 2);
    m_icon->setPixmap(picture);
}

QIcon UpdateWindow::appIcon() const
{
    const QIcon icon = parentWidget() ? parentWidget()->windowIcon() : QApplication::windowIcon();
    return icon.isNull() ? style()->standardIcon(QStyle::SP_MessageBoxInformation) : icon;
}

void UpdateWindow::fit()
{
    const QRect available = screen()->availableGeometry();
    const int widest = available.width() * 9 / 10;
    const auto least = [this] {
        m_page->layout()->activate();
        layout()->activate();
        return layout()->totalMinimumSize().width();
    };
    if (least() > widest)
        m_page->stackButtons();
    const int wanted = qMax(width(), fontMetrics().averageCharWidth() * 90);
    const int newWidth = qMax(least(), qMin(wanted, widest));
    const int newHeight = qMin(layout()->totalHeightForWidth(newWidth),
                               available.height() * 9 / 10);
    resize(newWidth, newHeight);
    if (isVisible() && frameGeometry().bottom() > available.bottom())
        move(x(), qMax(available.top(), y() - (frameGeometry().bottom() - available.bottom())));
}

} // namespace Freshen
