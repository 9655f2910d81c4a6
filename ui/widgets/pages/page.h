// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QDialogButtonBox>
#include <QIcon>
#include <QWidget>

class QLabel;
class QPushButton;
class QUrl;
class QVBoxLayout;

namespace Freshen {

// One step of the conversation: a sentence in large letters, what belongs to it, buttons. It asks
// once; UpdateWindow takes it away with the answer.
class Page : public QWidget
{
    Q_OBJECT

public:
    explicit Page(const QString &heading);

    // What Esc and the window's close button mean here.
    virtual void leave() = 0;
    // Whether it tells how the conversation ended, and so stays when that is over.
    virtual bool isResult() const;
    // What is drawn in a corner of the app's icon; null for nothing.
    virtual QIcon emblem() const;
    // Gives the keyboard to what it is for first.
    void takeFocus();
    // Puts the buttons below each other, for who has no room for them side by side.
    void stackButtons();

protected:
    void setHeading(const QString &heading);
    // A paragraph that wraps, below what is there already.
    QLabel *addText(const QString &text);
    void add(QWidget *widget, int stretch = 0);
    // A link that opens in the person's browser; nothing where the address is none of the web.
    void addWebLink(const QString &name, const QString &text, const QUrl &url);
    // Half a line of nothing.
    void addSpace();
    // \a name is the button's objectName, the same in every language.
    QPushButton *addButton(const QString &name, const QString &text,
                           QDialogButtonBox::ButtonRole role);
    // The button for the Enter key; by default none.
    void setDefaultButton(QPushButton *button);
    // What has the keyboard first; by default the default button.
    void setFirstWidget(QWidget *widget);

    void showEvent(QShowEvent *event) override;

private:
    QLabel *m_heading;
    QVBoxLayout *m_content;
    QDialogButtonBox *m_buttons;
    QPushButton *m_default = nullptr;
    QWidget *m_first = nullptr;
};

} // namespace Freshen
