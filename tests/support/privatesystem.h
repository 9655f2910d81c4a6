// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// A computer of the test's own, as far as installing goes: /etc, /opt, /run and /var/lib are its
// alone, with the users "tester" (in the group "extras") and "other". Nothing of this computer is
// changed.

#pragma once

#include <QStringList>

namespace Freshen::PrivateSystem {

constexpr unsigned tester = 4242;
constexpr unsigned extras = 4243;
constexpr unsigned other = 4244;

// In main(), first of all. Starts this program again in there, where that is possible: with an
// administrator's rights and mount namespaces.
void enter(char **argv);
bool isInside();

// The words that go before a command to run it as this user.
QStringList asUser(unsigned user);

// `freshen` and its helper as an administrator has them, with what they need that is not the
// system's; below programs(), where every user can run them.
void installPrograms();
QString programs();
void copyProgram(const QString &from, const QString &to);

} // namespace Freshen::PrivateSystem

// The main() of such a test.
#define FRESHEN_PRIVATE_SYSTEM_MAIN(TestClass)                                                    \
    int main(int argc, char **argv)                                                               \
    {                                                                                             \
        Freshen::PrivateSystem::enter(argv);                                                      \
        QCoreApplication application(argc, argv);                                                 \
        TestClass test;                                                                           \
        return QTest::qExec(&test, argc, argv);                                                   \
    }
