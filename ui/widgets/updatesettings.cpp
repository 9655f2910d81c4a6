// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include <Freshen/updatesettings.h>

#include <Freshen/updateaction.h>
#include <Freshen/updater.h>

#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>

namespace Freshen {

namespace {

constexpr int hour = 60 * 60;
constexpr int day = 24 * hour;

// The properties of the updater that have a widget each.
constexpr auto checks = "automaticallyChecks";
constexpr auto downloads = "automaticallyDownloads";
constexpr auto battery = "avoidsBattery";
constexpr auto metered = "avoidsMeteredNetworks";
constexpr auto interval = "checkInterval";

QString intervalText(int seconds)
{
    if (seconds % day == 0)
        return UpdateSettings::tr("Every %n days", nullptr, seconds / day);
    if (seconds == hour)
        return UpdateSettings::tr("Hourly");
    return UpdateSettings::tr("Every %1 hours")
        .arg(QLocale().toString(double(seconds) / hour, 'g', 3));
}

} // namespace

class UpdateSettingsPrivate
{
public:
    UpdateSettingsPrivate(Updater *newUpdater, UpdateSettings *parent);

    void addBox(const QString &text, const char *property);
    void addInterval();
    void addButton();
    void follow();

private:
    void followInterval();
    QString lastCheck() const;

    UpdateSettings *q;
    QPointer<Updater> m_updater;
    QFormLayout *m_layout;
    QList<QCheckBox *> m_boxes; // named after their properties
    QComboBox *m_interval = nullptr;
    QLabel *m_lastCheck = nullptr;
};

UpdateSettingsPrivate::UpdateSettingsPrivate(Updater *newUpdater, UpdateSettings *parent)
    : q(parent)
    , m_updater(newUpdater)
    , m_layout(new QFormLayout(parent))
{
}

void UpdateSettingsPrivate::addBox(const QString &text, const char *property)
{
    auto *box = new QCheckBox(text);
    box->setObjectName(QLatin1String(property));
    QObject::connect(box, &QCheckBox::clicked, m_updater,
                     [updater = m_updater.data(), property](bool checked) {
                         updater->setProperty(property, checked);
                     });
    m_boxes += box;
    m_layout->addRow(box);
}

void UpdateSettingsPrivate::addInterval()
{
    m_interval = new QComboBox;
    m_interval->setObjectName(QLatin1String(interval));
    m_interval->addItem(UpdateSettings::tr("Daily"), day);
    m_interval->addItem(UpdateSettings::tr("Weekly"), 7 * day);
    m_interval->addItem(UpdateSettings::tr("Monthly"), 30 * day);
    QObject::connect(m_interval, &QComboBox::activated, m_updater,
                     [this] { m_updater->setCheckInterval(m_interval->currentData().toInt()); });
    m_layout->addRow(UpdateSettings::tr("How &often:"), m_interval);
}

void UpdateSettingsPrivate::addButton()
{
    m_lastCheck = new QLabel;
    m_lastCheck->setObjectName(QStringLiteral("lastCheck"));
    m_lastCheck->setTextFormat(Qt::PlainText);
    m_lastCheck->setWordWrap(true);
    auto *button = new QPushButton(UpdateSettings::tr("Check &Now"));
    button->setObjectName(QStringLiteral("checkNow"));
    auto *action = new UpdateAction(m_updater, q);
    QObject::connect(button, &QPushButton::clicked, action, &QAction::trigger);
    const auto followAction = [button, action] { button->setEnabled(action->isEnabled()); };
    QObject::connect(action, &QAction::changed, button, followAction);
    followAction();
    auto *row = new QHBoxLayout;
    row->addWidget(m_lastCheck, 1);
    row->addWidget(button);
    m_layout->addRow(row);
}

void UpdateSettingsPrivate::follow()
{
    q->setEnabled(m_updater && m_updater->isEnabled());
    if (!m_updater)
        return;
    const QStringList locked = m_updater->lockedSettings();
    const auto follow = [&](QWidget *widget) {
        const bool isLocked = locked.contains(widget->objectName());
        // All others say how it checks by itself.
        const bool matters = m_updater->automaticallyChecks() || widget == m_boxes.constFirst();
        const QString reason = isLocked
            ? UpdateSettings::tr("Decided by this computer’s administrator")
            : QString();
        widget->setEnabled(!isLocked && matters);
        widget->setToolTip(reason);
        widget->setAccessibleDescription(reason);
    };
    for (QCheckBox *box : std::as_const(m_boxes)) {
        box->setChecked(m_updater->property(qPrintable(box->objectName())).toBool());
        follow(box);
    }
    followInterval();
    follow(m_interval);
    m_lastCheck->setText(lastCheck());
}

void UpdateSettingsPrivate::followInterval()
{
    const int seconds = m_updater->checkInterval();
    if (m_interval->findData(seconds) < 0)
        m_interval->addItem(intervalText(seconds), seconds);
    m_interval->setCurrentIndex(m_interval->findData(seconds));
}

QString UpdateSettingsPrivate::lastCheck() const
{
    const QDateTime time = m_updater->lastCheckTime();
    if (!time.isValid())
        return UpdateSettings::tr("Last check: never");
    const QString text = UpdateSettings::tr("Last check: %1")
                             .arg(QLocale().toString(time.toLocalTime(), QLocale::ShortFormat));
    const QDateTime until = m_updater->confirmedUntil();
    if (!until.isValid() || m_updater->isConfirmed())
        return text;
    return text + u'\n'
        + UpdateSettings::tr("Since %1 it cannot be confirmed that this version is up to date.")
              .arg(QLocale().toString(until.toLocalTime().date(), QLocale::ShortFormat));
}

UpdateSettings::UpdateSettings(Updater *updater, QWidget *parent)
    : QWidget(parent)
    , d(std::make_unique<UpdateSettingsPrivate>(updater, this))
{
    setObjectName(QStringLiteral("freshenUpdateSettings"));
    d->addBox(tr("Check for updates &automatically"), checks);
    d->addInterval();
    d->addBox(tr("&Download and install them automatically"), downloads);
    d->addBox(tr("Not while on &battery power"), battery);
    d->addBox(tr("Not over a &metered network"), metered);
    d->addButton();
    connect(updater, &Updater::settingsChanged, this, [this] { d->follow(); });
    connect(updater, &Updater::enabledChanged, this, [this] { d->follow(); });
    connect(updater, &QObject::destroyed, this, [this] { d->follow(); });
    d->follow();
}

UpdateSettings::~UpdateSettings() = default;

} // namespace Freshen
