// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <Freshen/faultserver.h>

#include <QHash>
#include <QSslConfiguration>
#include <QTcpServer>

#include <optional>

namespace Freshen {

// Answers for one request after the other; the last stays.
class AnswersInTurn
{
public:
    AnswersInTurn() = default;
    explicit AnswersInTurn(const QList<FaultAnswer> &answers) : m_answers(answers) {}

    bool isEmpty() const { return m_answers.isEmpty(); }
    FaultAnswer take()
    {
        return m_answers.size() > 1 ? m_answers.takeFirst() : m_answers.first();
    }

private:
    QList<FaultAnswer> m_answers;
};

class FaultServerPrivate : public QTcpServer
{
public:
    explicit FaultServerPrivate(FaultServer *server) : m_server(server) {}

    FaultAnswer answerFor(const QString &path);
    void count(int connections);

    QHash<QString, AnswersInTurn> answers;
    AnswersInTurn always;
    QString folder;
    QList<FaultRequest> requests;
    std::optional<QSslConfiguration> tls;
    int connections = 0;
    int mostConnections = 0;

protected:
    void incomingConnection(qintptr descriptor) override;

private:
    // The file in the folder; empty where there is none.
    QString fileFor(const QString &path) const;

    FaultServer *m_server;
};

} // namespace Freshen
