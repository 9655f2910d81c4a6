// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "tests/auto/widgets/dialogfixture.h"

#include "lib/session/policy.h"

#include <QApplication>
#include <QCloseEvent>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QTest>
#include <QTextEdit>
#include <QtTest/qtestspontaneevent.h>

namespace Freshen {

namespace {

void describeApplication(const QString &folder, const QString &feed)
{
    const QString key = QString::fromLatin1(QByteArray(32, 'k').toBase64());
    const QJsonObject description{
        {QStringLiteral("product"), QStringLiteral("org.example.notes")},
        {QStringLiteral("version"), QStringLiteral("1.0.0")},
        {QStringLiteral("channel"), QStringLiteral("stable")},
        {QStringLiteral("feed"), feed},
        {QStringLiteral("publicKeys"), QJsonArray{key}},
        {QStringLiteral("executable"), QStringLiteral("bin/notes")},
        {QStringLiteral("requireSignedFeed"), true},
    };
    QFile file(folder + QStringLiteral("/freshen.json"));
    if (!file.open(QIODevice::WriteOnly))
        qFatal("%s", qPrintable(file.errorString()));
    file.write(QJsonDocument(description).toJson());
}

} // namespace

AdministratorsPolicy::AdministratorsPolicy(const QByteArray &content)
{
    QFile file(m_folder.filePath(QStringLiteral("policy.json")));
    if (!file.open(QIODevice::WriteOnly))
        qFatal("%s", qPrintable(file.errorString()));
    file.write(content);
    Policy::setFile(file.fileName());
}

AdministratorsPolicy::~AdministratorsPolicy()
{
    Policy::setFile({});
}

DialogFixture::DialogFixture(QWidget *window, const QString &feed, Starts starts)
    : m_settings(
        new QSettings(m_folder.filePath(QStringLiteral("settings.ini")), QSettings::IniFormat))
    , m_updater(new Updater)
    , m_dialogs(new UpdateDialogs(m_updater.get(), window))
{
    QDir().mkpath(appDirectory());
    describeApplication(appDirectory(), feed);
    m_updater->setApplicationDirectory(appDirectory());
    m_updater->setSettings(m_settings.get());
    m_updater->setReadyAutomatically(false);
    if (starts == Starts::Second) {
        m_settings->setValue(QStringLiteral("Freshen/Starts"), 1);
        m_clock.pass(std::chrono::seconds(4));
    }
    if (!m_updater->start())
        qFatal("the updater of the test app is disabled");
}

DialogFixture::~DialogFixture() = default;

QString DialogFixture::defaultFeed()
{
    return QStringLiteral("https://updates.example.org/notes/appcast.xml");
}

QDialog *DialogFixture::window() const
{
    for (QWidget *widget : QApplication::topLevelWidgets()) {
        if (widget->objectName() == QLatin1String("freshenUpdateWindow"))
            return qobject_cast<QDialog *>(widget);
    }
    return nullptr;
}

bool DialogFixture::isVisible() const
{
    return window() && window()->isVisible();
}

QAbstractButton *DialogFixture::button(const char *name) const
{
    auto *found = find<QAbstractButton>(name);
    return found && found->isVisible() ? found : nullptr;
}

bool DialogFixture::act(const QByteArray &action) const
{
    if (action == "Esc") {
        QTest::keyClick(window(), Qt::Key_Escape);
    } else if (action == "frame") {
        QCloseEvent event;
        QSpontaneKeyEvent::setSpontaneous(&event);
        qApp->notify(window()->windowHandle(), &event);
    } else {
        QAbstractButton *pressed = button(action);
        if (!pressed)
            return false;
        QTest::mouseClick(pressed, Qt::LeftButton);
    }
    return true;
}

QString DialogFixture::text() const
{
    QStringList texts;
    if (window()) {
        for (const QLabel *label : window()->findChildren<QLabel *>()) {
            if (label->isVisible())
                texts += label->text().remove(QChar(0x200b));
        }
        for (const auto *sentence : window()->findChildren<QTextEdit *>()) {
            if (sentence->isVisible() && sentence->objectName() != QLatin1String("notes"))
                texts += sentence->toPlainText();
        }
    }
    return texts.join(u'\n');
}

} // namespace Freshen
