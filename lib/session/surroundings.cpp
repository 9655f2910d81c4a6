// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/session/surroundings.h"

#include "platform/power.h"

#include <QNetworkInformation>

namespace Freshen {

namespace {

const Surroundings *replacement = nullptr;

} // namespace

Surroundings::~Surroundings() = default;

bool Surroundings::isOnBattery() const
{
    return Platform::isOnBattery();
}

bool Surroundings::isMetered() const
{
    using Feature = QNetworkInformation::Feature;
    return QNetworkInformation::loadBackendByFeatures(Feature::Metered)
        && QNetworkInformation::instance()->isMetered();
}

const Surroundings &Surroundings::current()
{
    static const Surroundings computer;
    return replacement ? *replacement : computer;
}

void Surroundings::replace(const Surroundings *surroundings)
{
    replacement = surroundings;
}

} // namespace Freshen
