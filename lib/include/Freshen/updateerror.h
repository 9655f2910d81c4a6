// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <Freshen/core_export.h>

#include <QMetaType>
#include <QString>
#include <QUrl>

namespace Freshen {

/*!
 * What went wrong, for programs and for people.
 *
 * A value; may be used in any thread.
 * \since 0.1
 */
class FRESHEN_CORE_EXPORT UpdateError
{
    Q_GADGET
    Q_PROPERTY(QString code READ code CONSTANT)
    Q_PROPERTY(QString message READ message CONSTANT)

public:
    //! No error.
    UpdateError() = default;
    UpdateError(const QString &code, const QString &message);

    //! Whether there is an error at all.
    bool isError() const { return !m_code.isEmpty(); }
    //! A stable name such as "NO_SPACE"; empty when there is no error. The README's table has all.
    QString code() const { return m_code; }
    //! One sentence that names the cause, the file or address, and the next step.
    QString message() const { return m_message; }
    //! Where the release can be had by hand; empty when the error is not about one.
    QUrl link() const { return m_link; }
    void setLink(const QUrl &link) { m_link = link; }
    //! Whether it leaves open if there is a newer version: the feed has expired, is an old or a
    //! changed one, or the keys or the clock to judge it with are not to be relied on.
    bool leavesFreshnessOpen() const;
    //! The exit status that Freshen's programs give for this error, 0 when there is none.
    int exitStatus() const;

private:
    QString m_code;
    QString m_message;
    QUrl m_link;
};

} // namespace Freshen

Q_DECLARE_METATYPE(Freshen::UpdateError)
