// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <Freshen/release.h>

#include <QFont>
#include <QPalette>
#include <QTextDocument>

namespace Freshen {

// What notes look like; all of it is the person's choice.
struct NotesStyle {
    QPalette palette;
    QFont font;
    int maximumImageWidth = 0; // in pixels; wider pictures are shown smaller
};

// Release notes, fit to be shown: opens no file and no address, runs nothing, stays small.
class NotesDocument : public QTextDocument
{
    Q_OBJECT

public:
    NotesDocument(const QString &notes, Release::NotesFormat format, const NotesStyle &style,
                  QObject *parent = nullptr);

protected:
    // Nothing is ever loaded. The empty answer is remembered, so nobody asks twice.
    QVariant loadResource(int type, const QUrl &url) override;

private:
    void read(const QString &notes, Release::NotesFormat format);
};

} // namespace Freshen
