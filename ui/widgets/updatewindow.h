// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QDialog>
#include <QPointer>

class QLabel;

namespace Freshen {

class Page;

// The one window in which the conversation takes place, a page after the other.
class UpdateWindow : public QDialog
{
    Q_OBJECT

public:
    // Whether showing may take the keyboard away from what the person does.
    enum class Focus { Take, Leave };

    explicit UpdateWindow(QWidget *parent);

    Page *page() const;
    // Shows a page, which it owns, in place of the one before; that one says nothing more.
    void setPage(Page *page);
    // Hides, without a page.
    void clear();
    void present(Focus focus);

    // Esc and the close button of the window leave the page. That the program closes the window,
    // as it does when it quits, is no answer of a person: the page then waits.
    void reject() override;

protected:
    // Grows when the texts of its page do.
    bool event(QEvent *event) override;
    void closeEvent(QCloseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    void removePage();
    void showIcon();
    QIcon appIcon() const;
    void fit();

    QLabel *m_icon;
    QPointer<Page> m_page;
};

} // namespace Freshen
