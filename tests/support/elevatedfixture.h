// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// A registered install that only the administrator may write to, and a release that a user offers
// for it. Needs a PrivateSystem.

#pragma once

#include "platform/channel.h"
#include "tests/support/enginefixture.h"
#include "updater-helper/install/registration.h"

namespace Freshen {

class ElevatedFixture
{
public:
    ElevatedFixture();

    EngineFixture &engine() { return m_engine; }
    const Install::Layout &layout() const { return m_engine.layout(); }
    const std::string &id() const { return m_registration.id; }
    Install::Registration &registration() { return m_registration; }
    void registerApp();

    // The user's folder, and the tree in it.
    std::filesystem::path offer() const { return "/opt/home/offer"; }
    std::filesystem::path offered() const { return offer() / "staged"; }
    // Makes a release and gives it to the user.
    void offerRelease(const std::string &version, const ShippedFiles &files = {},
                      const std::string &product = EngineFixture::product);
    void giveToUser() const;

    // A helper as the service manager starts it, or as a person's agreement does. `command`: what
    // runs it, such as strace; the helper's arguments follow.
    void start(const std::vector<std::string> &arguments = {"serve"},
               const std::vector<std::string> &command = {});
    Platform::Channel &channel() { return m_channel; }
    Platform::Process &process() { return m_process; }
    // What it answers: "done", "failed CODE …"; empty when it hung up.
    QString ask(const std::string &request);
    QString prepare(const std::string &how = "started");
    QString ask(const std::string &request, const std::vector<int> &descriptors);
    // The code of a failure, else the whole answer.
    static QString codeOf(const QString &answer);
    // The whole way for what is offered. The app's version then; else what was answered last.
    QString update();
    // Until the helper has ended.
    void hangUp();

private:
    EngineFixture m_engine;
    Install::Registration m_registration;
    Platform::Channel m_channel{Platform::Descriptor()};
    Platform::Process m_process;
};

} // namespace Freshen
