// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <Freshen/release.h>

#include <QTextBrowser>

namespace Freshen {

class NotesDocument;

// Shows release notes in the person's font and colours.
class NotesView : public QTextBrowser
{
    Q_OBJECT

public:
    explicit NotesView(QWidget *parent = nullptr);

    void showNotes(const QString &notes, Release::NotesFormat format);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void changeEvent(QEvent *event) override;
    // Nothing is ever loaded; NotesDocument holds what it needs.
    QVariant loadResource(int type, const QUrl &url) override;

private:
    void render();

    NotesDocument *m_document = nullptr;
    QString m_notes;
    Release::NotesFormat m_format = Release::NotesFormat::PlainText;
};

} // namespace Freshen
