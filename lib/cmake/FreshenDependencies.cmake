# SPDX-FileCopyrightText: 2026 The Freshen authors
# SPDX-License-Identifier: MIT

# Everything that Freshen is built on, each with what it is for.

include(FeatureSummary)

# Where the set-up script puts what the system has no package for.
if(NOT "$ENV{FRESHEN_CACHE}" STREQUAL "")
    set(FRESHEN_DEPENDENCY_CACHE $ENV{FRESHEN_CACHE})
elseif(NOT "$ENV{XDG_CACHE_HOME}" STREQUAL "")
    set(FRESHEN_DEPENDENCY_CACHE $ENV{XDG_CACHE_HOME}/freshen-build)
else()
    set(FRESHEN_DEPENDENCY_CACHE $ENV{HOME}/.cache/freshen-build)
endif()

find_package(Qt6 6.4 REQUIRED COMPONENTS Core Network)
find_package(Qt6 6.4 QUIET OPTIONAL_COMPONENTS Widgets Test)
find_package(OpenSSL 3.0 REQUIRED COMPONENTS Crypto)
find_package(KF6Archive QUIET)
if(NOT KF6Archive_FOUND)
    find_package(KF6Archive QUIET PATHS ${FRESHEN_DEPENDENCY_CACHE}/kf6)
endif()
if(NOT KF6Archive_FOUND)
    message(FATAL_ERROR "KArchive for Qt 6 is missing. On Debian and Ubuntu, "
        "sh platform/linux/setup.sh installs it, or builds it where there is no package.")
endif()
find_package(tl-expected REQUIRED)
find_package(ZLIB REQUIRED)
find_package(BZip2 REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(divsufsort REQUIRED IMPORTED_TARGET libdivsufsort)
pkg_check_modules(utf8proc REQUIRED IMPORTED_TARGET libutf8proc)

# The archives, and what they need in turn, for the helper.
find_library(FRESHEN_UTF8PROC_ARCHIVE libutf8proc.a)
find_library(FRESHEN_CRYPTO_ARCHIVE libcrypto.a)
if(FRESHEN_CRYPTO_ARCHIVE AND FRESHEN_UTF8PROC_ARCHIVE)
    pkg_check_modules(LIBCRYPTO QUIET libcrypto)
    list(REMOVE_ITEM LIBCRYPTO_STATIC_LIBRARIES crypto)
    add_library(freshen_static_archives INTERFACE IMPORTED)
    target_link_libraries(freshen_static_archives INTERFACE
        ${FRESHEN_CRYPTO_ARCHIVE} ${LIBCRYPTO_STATIC_LIBRARIES} ${FRESHEN_UTF8PROC_ARCHIVE})
endif()

# Tests start these and do without them.
find_program(FRESHEN_NGINX nginx PATHS ${FRESHEN_DEPENDENCY_CACHE}/servers)
find_program(FRESHEN_TINYPROXY tinyproxy PATHS ${FRESHEN_DEPENDENCY_CACHE}/servers)
find_program(FRESHEN_HEY hey PATHS ${FRESHEN_DEPENDENCY_CACHE}/servers)

set_package_properties(Qt6 PROPERTIES TYPE REQUIRED
    PURPOSE "The library, the dialogs and the tests")
set_package_properties(OpenSSL PROPERTIES TYPE REQUIRED
    PURPOSE "Ed25519 signatures and hashes (static in the helper)")
set_package_properties(KF6Archive PROPERTIES TYPE REQUIRED
    PURPOSE "Reads and writes packages (.tar.zst, .tar.xz, .tar.gz, .zip)")
set_package_properties(tl-expected PROPERTIES TYPE REQUIRED
    PURPOSE "Results that carry either a value or an error")
set_package_properties(ZLIB PROPERTIES TYPE REQUIRED
    PURPOSE "Packs what the fault server sends to tests")
set_package_properties(BZip2 PROPERTIES TYPE REQUIRED
    PURPOSE "Reads and writes patches as bsdiff makes them")
set_package_properties(PkgConfig PROPERTIES TYPE REQUIRED
    PURPOSE "Finds libdivsufsort (for patches) and libutf8proc (for names and versions), knows \
what a static libcrypto needs")

# A KArchive that is not the system's has to be installed wherever Freshen is.
get_target_property(FRESHEN_ARCHIVE_FILE KF6::Archive LOCATION)
cmake_path(GET FRESHEN_ARCHIVE_FILE PARENT_PATH FRESHEN_ARCHIVE_FOLDER)
set(FRESHEN_BUNDLED_LIBRARIES)
if(NOT FRESHEN_ARCHIVE_FOLDER IN_LIST CMAKE_CXX_IMPLICIT_LINK_DIRECTORIES)
    file(GLOB FRESHEN_BUNDLED_LIBRARIES ${FRESHEN_ARCHIVE_FOLDER}/libKF6Archive.so.*)
endif()
set_property(GLOBAL PROPERTY FRESHEN_BUNDLED_LIBRARIES ${FRESHEN_BUNDLED_LIBRARIES})

add_feature_info(Widgets Qt6Widgets_FOUND "Freshen::Widgets, the dialogs")
add_feature_info(Tests FRESHEN_BUILD_TESTS "Tests of every part")
add_feature_info(Examples FRESHEN_BUILD_EXAMPLES "Applications that show how Freshen is used")
