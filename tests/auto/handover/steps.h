// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

// The steps of a handover by name, so that a test can have a process stop at one and end it there:
// what handoveragent calls step() with, each message ("send hello", "sent hello", "received
// hello"; the second of a kind is "send move 2"), and "fork" and "forked".

#pragma once

#include <QByteArray>

// Appended to the file that FRESHEN_TEST_STEPS names, as "PROCESS NAME". Where this is the step to
// stop at, the process stops until somebody lets it go on.
void step(const QByteArray &name);

// By default what FRESHEN_TEST_STOP says.
void stopAt(const QByteArray &name);
