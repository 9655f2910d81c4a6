// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/session/updatersettings.h"

#include <QCoreApplication>
#include <QDir>
#include <QTemporaryDir>
#include <QTest>

using namespace Freshen;
using namespace Qt::StringLiterals;

class TestUpdaterSettings : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void nothingIsKnownAtFirst();
    void remembers();
    void knowsARefusedPermission();
    void drawsARolloutGroup();
    void countsStarts();
    void keepsToItsGroup();
    void writesNothingByItself();
    void withoutSettings();
    void settingsThatAreGone();
    void opensTheAppsOwn();
    void opensAFileOfTheProduct();
    void prefersWhatWasGiven();

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<QSettings> m_settings;
};

void TestUpdaterSettings::init()
{
    m_settings.reset();
    m_folder = std::make_unique<QTemporaryDir>();
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_folder->path());
    m_settings = std::make_unique<QSettings>(m_folder->filePath(u"own.ini"_s),
                                             QSettings::IniFormat);
    QCoreApplication::setOrganizationName({});
}

void TestUpdaterSettings::nothingIsKnownAtFirst()
{
    UpdaterSettings settings;
    settings.use(m_settings.get());
    QVERIFY(!settings.knowsPermission());
    QVERIFY(!settings.automaticallyChecks());
    QVERIFY(!settings.automaticallyDownloads());
    QVERIFY(!settings.lastCheckTime().isValid());
    QCOMPARE(settings.skippedVersion(), QString());
}

void TestUpdaterSettings::remembers()
{
    const QDateTime time = QDateTime::currentDateTimeUtc();
    {
        UpdaterSettings settings;
        settings.use(m_settings.get());
        settings.setAutomaticallyChecks(true);
        settings.setAutomaticallyDownloads(true);
        settings.setMaximumDownloadRate(250'000);
        settings.setLastCheckTime(time);
        settings.setSkippedVersion(u"2.0"_s);
        settings.setSkippedMajor(u"3.0"_s, u"3.1"_s);
    }
    m_settings->sync();
    QSettings file(m_folder->filePath(u"own.ini"_s), QSettings::IniFormat);
    UpdaterSettings settings;
    settings.use(&file);
    QVERIFY(settings.knowsPermission());
    QVERIFY(settings.automaticallyChecks());
    QVERIFY(settings.automaticallyDownloads());
    QCOMPARE(settings.maximumDownloadRate(), 250'000);
    QCOMPARE(settings.lastCheckTime(), time);
    Policy policy;
    policy.maximumDownloadRate = 0;
    settings.setPolicy(policy);
    QCOMPARE(settings.maximumDownloadRate(), 0);
    QCOMPARE(settings.locked(), QStringList{u"maximumDownloadRate"_s});
    QCOMPARE(settings.skippedVersion(), u"2.0"_s);
    QCOMPARE(settings.skippedMajorVersion(), u"3.0"_s);
    QCOMPARE(settings.skippedMajorSubrelease(), u"3.1"_s);
}

void TestUpdaterSettings::drawsARolloutGroup()
{
    UpdaterSettings settings;
    settings.use(m_settings.get());
    QVERIFY(m_settings->allKeys().isEmpty());
    const int first = settings.rolloutGroup();
    QCOMPARE(settings.rolloutGroup(), first);
    QCOMPARE(m_settings->value(u"Freshen/RolloutGroup"_s).toInt(), first);
    QSet<int> seen;
    for (int i = 0; i < 1000; ++i) {
        settings.redrawRolloutGroup();
        seen.insert(settings.rolloutGroup());
    }
    QCOMPARE(seen, (QSet<int>{0, 1, 2, 3, 4, 5, 6}));
    for (const QVariant &odd : {QVariant(-1), QVariant(7), QVariant(u"x"_s)}) {
        m_settings->setValue(u"Freshen/RolloutGroup"_s, odd);
        QVERIFY(seen.contains(settings.rolloutGroup()));
    }
}

void TestUpdaterSettings::knowsARefusedPermission()
{
    UpdaterSettings settings;
    settings.use(m_settings.get());
    settings.setAutomaticallyChecks(false);
    QVERIFY(settings.knowsPermission());
    QVERIFY(!settings.automaticallyChecks());
}

void TestUpdaterSettings::countsStarts()
{
    UpdaterSettings settings;
    settings.use(m_settings.get());
    QCOMPARE(settings.countStart(), 1);
    QCOMPARE(settings.countStart(), 2);
    UpdaterSettings next;
    next.use(m_settings.get());
    QCOMPARE(next.countStart(), 3);
}

void TestUpdaterSettings::keepsToItsGroup()
{
    m_settings->setValue(u"AutomaticallyChecks"_s, u"the app's own"_s);
    UpdaterSettings settings;
    settings.use(m_settings.get());
    settings.setAutomaticallyChecks(true);
    settings.countStart();
    QCOMPARE(m_settings->value(u"AutomaticallyChecks"_s).toString(), u"the app's own"_s);
    QCOMPARE(m_settings->childGroups(), QStringList{u"Freshen"_s});
}

void TestUpdaterSettings::writesNothingByItself()
{
    UpdaterSettings settings;
    settings.open(u"org.example.sample"_s);
    QVERIFY(!settings.automaticallyChecks());
    m_settings->sync();
    QCOMPARE(QDir(m_folder->path()).entryList(QDir::AllEntries | QDir::NoDotAndDotDot),
             QStringList());
}

void TestUpdaterSettings::withoutSettings()
{
    UpdaterSettings settings;
    QVERIFY(!settings.knowsPermission());
    settings.setAutomaticallyChecks(true);
    QVERIFY(!settings.automaticallyChecks());
    QCOMPARE(settings.countStart(), 1);
}

void TestUpdaterSettings::settingsThatAreGone()
{
    UpdaterSettings settings;
    settings.use(m_settings.get());
    settings.setAutomaticallyChecks(true);
    m_settings.reset();
    QVERIFY(!settings.automaticallyChecks());
    settings.setAutomaticallyChecks(true);
}

void TestUpdaterSettings::opensTheAppsOwn()
{
    QCoreApplication::setOrganizationName(u"Example"_s);
    QCoreApplication::setApplicationName(u"Sample"_s);
    {
        UpdaterSettings settings;
        settings.open(u"org.example.sample"_s);
        settings.setSkippedVersion(u"2.0"_s);
    }
    QCOMPARE(QSettings(u"Example"_s, u"Sample"_s).value(u"Freshen/SkippedVersion"_s).toString(),
             u"2.0"_s);
}

void TestUpdaterSettings::opensAFileOfTheProduct()
{
    {
        UpdaterSettings settings;
        settings.open(u"org.example.sample"_s);
        settings.setSkippedVersion(u"2.0"_s);
    }
    const QSettings file(u"freshen"_s, u"org.example.sample"_s);
    QCOMPARE(file.value(u"Freshen/SkippedVersion"_s).toString(), u"2.0"_s);
    QVERIFY(QDir(m_folder->path()).exists(u"freshen"_s));
}

void TestUpdaterSettings::prefersWhatWasGiven()
{
    UpdaterSettings settings;
    settings.use(m_settings.get());
    settings.open(u"org.example.sample"_s);
    settings.setSkippedVersion(u"2.0"_s);
    QCOMPARE(m_settings->value(u"Freshen/SkippedVersion"_s).toString(), u"2.0"_s);
}

QTEST_GUILESS_MAIN(TestUpdaterSettings)
#include "tst_updatersettings.moc"
