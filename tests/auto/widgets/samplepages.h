// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <Freshen/UserDriver>

#include <QList>

#include <functional>

namespace Freshen {

// Every page of the conversation, with what it would really show.
struct SamplePage {
    const char *name;
    std::function<void(UserDriver &)> show;
};

QList<SamplePage> samplePages();

// Notes 2.0.0, as its feed would offer it.
Release sampleRelease();
// A release that says nothing about itself.
Release plainRelease(const QString &version);

} // namespace Freshen
