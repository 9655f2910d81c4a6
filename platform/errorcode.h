// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#pragma once

#include <string_view>

// Every error that Freshen reports, in one place: the stable code, the exit status of the
// programs, and what it means. Codes are never renamed.
//
// Exit statuses: 1 failed, 2 wrong usage, 3 nothing to do, 4 refused as unsafe, 5 needs rights or
// a person's decision, 6 the new version was not ready and the old one is back.
#define FRESHEN_ERROR_CODES(X)                                                                    \
    X(USAGE, 2, "The command line is wrong.")                                                     \
    X(CONFIG, 1, "The app's description or the request lacks something that is needed.")          \
    X(KEY, 1, "A key cannot be read or has the wrong form.")                                      \
    X(IO, 1, "A file or folder could not be read or written.")                                    \
    X(NO_SPACE, 1, "The disk or its quota is full.")                                              \
    X(NETWORK, 1, "The server could not be reached or the connection broke.")                     \
    X(HTTP_STATUS, 1, "The server answered with an error status.")                                \
    X(SLOW, 1, "The bytes come so slowly that they would never all arrive.")                      \
    X(BUSY, 1, "Another update of this app holds the lock.")                                      \
    X(CANCELLED, 1, "A person cancelled.")                                                        \
    X(HELPER, 1, "The helper is missing, cannot run or broke off.")                               \
    X(NO_EXCHANGE, 1, "The app cannot be exchanged where it lies, such as a mount point.")         \
    X(NOT_READY, 1, "The new version did not become ready and is kept.")                          \
    X(NO_SUPERVISOR, 1, "No supervisor answers at this control socket.")                          \
    X(FEED_PARSE, 1, "The answer is not an update feed.")                                         \
    X(NO_USABLE_ITEM, 1, "The feed has items, but none of them can be used.")                     \
    X(NO_PREVIOUS, 3, "There is no previous version to go back to.")                              \
    X(FEED_FORBIDDEN_XML, 4, "The feed uses document types, entities or another encoding.")       \
    X(FEED_TOO_LARGE, 4, "The feed is larger, deeper or longer than any honest one.")             \
    X(FEED_UNSIGNED, 4, "The feed carries no signature.")                                         \
    X(FEED_SIGNATURE, 4, "The feed's signature does not fit its bytes or the trusted keys.")      \
    X(ROOT_CHAIN, 4, "The publisher's chain of keys is broken or was tampered with.")             \
    X(ROOT_EXPIRED, 4, "The publisher's newest list of keys has expired.")                        \
    X(ROLLBACK, 4, "The feed is older than one that was accepted before.")                        \
    X(FEED_CHANGED, 4, "Same feed counter as before, but other content.")                         \
    X(STALE, 4, "The feed has expired: cannot confirm that this is the newest version.")          \
    X(CLOCK, 4, "The computer's clock is earlier than the app's own build time.")                 \
    X(WRONG_PRODUCT, 4, "The feed or package belongs to another product.")                        \
    X(WRONG_CHANNEL, 4, "Package and feed item name different channels.")                         \
    X(WRONG_PLATFORM, 4, "The package is for another system or processor.")                       \
    X(DOWNGRADE, 4, "The package is not newer than what is installed.")                           \
    X(URL_SCHEME, 4, "The address is of a kind that is never fetched.")                           \
    X(TLS, 4, "The server cannot prove who it is, or its encryption is too weak.")                \
    X(SIZE, 4, "A file is longer or shorter than announced.")                                     \
    X(HASH, 4, "A file's content is not what was announced.")                                     \
    X(SIGNATURE, 4, "A signature does not fit its file or the trusted keys.")                     \
    X(MANIFEST, 4, "Files and signed manifest do not agree.")                                     \
    X(PATCH, 4, "A patch is damaged, or made for another file.")                                  \
    X(PROTOCOL, 4, "The other process is a stranger or speaks another protocol.")                 \
    X(SELF_TEST, 4, "The new build did not pass its own test.")                                   \
    X(NO_BRIDGE, 4, "Some version that is still supported could not verify the feed.")            \
    X(SECRET, 4, "A secret key lies in what would be published.")                                 \
    X(UNSAFE_DIR, 4, "Others may write where only the administrator should.")                     \
    X(ARCHIVE, 4, "The archive is damaged or not of a known kind.")                               \
    X(ARCHIVE_NAME, 4, "The archive has an entry whose name or kind is not allowed.")             \
    X(NEEDS_RIGHTS, 5, "This user may not write to the app's folder.")                            \
    X(DECLINED, 5, "Nobody gave the rights that this update needs.")                              \
    X(INSTALLER, 5, "The version is only offered for a person to fetch and install.")             \
    X(VETOED, 5, "The program did not want this version now.")                                    \
    X(PROXY_AUTH, 5, "The network's proxy wants a name and a password.")                          \
    X(APP_RUNNING, 5, "The app still runs.")                                                      \
    X(ROLLED_BACK, 6, "The new version did not become ready; the old one is back.")

namespace Freshen {

enum class ErrorCode {
#define FRESHEN_ERROR_ENUM(name, status, meaning) name,
    FRESHEN_ERROR_CODES(FRESHEN_ERROR_ENUM)
#undef FRESHEN_ERROR_ENUM
};

// The code as scripts see it, "FEED_PARSE".
std::string_view errorCodeName(ErrorCode code);
// The exit status of a program that ends with this error.
int exitStatus(ErrorCode code);
// The code with that name; IO for one that is not known.
ErrorCode errorCodeFromName(std::string_view name);

} // namespace Freshen
