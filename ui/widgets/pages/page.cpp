// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "ui/widgets/pages/page.h"

#include "ui/widgets/text/displaytext.h"
#include "ui/widgets/text/weblink.h"

#include <QFontInfo>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace Freshen {

namespace {

constexpr qreal headingScale = 1.25;
constexpr qsizetype addressLength = 200;

QLabel *wrappingLabel()
{
    auto *label = new QLabel;
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    return label;
}

} // namespace

Page::Page(const QString &heading)
    : m_heading(wrappingLabel())
    , m_content(new QVBoxLayout)
    , m_buttons(new QDialogButtonBox)
{
    QFont font = m_heading->font();
    font.setPointSizeF(QFontInfo(font).pointSizeF() * headingScale);
    font.setBold(true);
    m_heading->setFont(font);
    m_heading->setObjectName(QStringLiteral("heading"));

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(m_heading);
    layout->addLayout(m_content, 1);
    m_content->addStretch(); // what is too much of a window stays below everything
    layout->addSpacing(fontMetrics().height() / 2);
    layout->addWidget(m_buttons);
    setHeading(heading);
}

bool Page::isResult() const
{
    return false;
}

QIcon Page::emblem() const
{
    return {};
}

void Page::takeFocus()
{
    if (QWidget *widget = m_first ? m_first : m_default)
        widget->setFocus(Qt::OtherFocusReason);
}

void Page::stackButtons()
{
    m_buttons->setOrientation(Qt::Vertical);
}

void Page::setHeading(const QString &heading)
{
    m_heading->setText(breakable(heading));
    setAccessibleName(heading);
}

QLabel *Page::addText(const QString &text)
{
    QLabel *label = wrappingLabel();
    label->setText(breakable(text));
    setAccessibleDescription(QStringLiteral("%1 %2").arg(accessibleDescription(), text).trimmed());
    add(label);
    return label;
}

void Page::add(QWidget *widget, int stretch)
{
    m_content->insertWidget(m_content->count() - 1, widget, stretch);
}

void Page::addWebLink(const QString &name, const QString &text, const QUrl &url)
{
    if (!isWebLink(url))
        return;
    const QString address = displayText(url.toDisplayString(), addressLength);
    auto *label = new QLabel(QStringLiteral("<a href=\"#\">%1</a>").arg(text.toHtmlEscaped()));
    label->setObjectName(name);
    label->setTextFormat(Qt::RichText);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::LinksAccessibleByMouse | Qt::LinksAccessibleByKeyboard);
    label->setAccessibleName(text);
    label->setAccessibleDescription(address);
    label->setToolTip(QStringLiteral("<p>%1</p>").arg(address.toHtmlEscaped()));
    connect(label, &QLabel::linkActivated, this, [url] { openWebLink(url); });
    add(label);
}

void Page::addSpace()
{
    m_content->insertSpacing(m_content->count() - 1, fontMetrics().height() / 2);
}

QPushButton *Page::addButton(const QString &name, const QString &text,
                             QDialogButtonBox::ButtonRole role)
{
    auto *button = m_buttons->addButton(text, role);
    button->setObjectName(name);
    button->setAutoDefault(false); // UpdateWindow lets Enter press the button that has the focus
    return button;
}

void Page::setDefaultButton(QPushButton *button)
{
    m_default = button;
}

void Page::setFirstWidget(QWidget *widget)
{
    m_first = widget;
}

void Page::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    // The button box chose a default by itself when it was shown.
    for (QAbstractButton *button : m_buttons->buttons())
        static_cast<QPushButton *>(button)->setDefault(button == m_default);
}

} // namespace Freshen
