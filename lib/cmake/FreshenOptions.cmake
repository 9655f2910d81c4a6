# SPDX-FileCopyrightText: 2026 The Freshen authors
# SPDX-License-Identifier: MIT

# What a build of Freshen can be asked for. Nothing here is forced upon a parent project.

option(FRESHEN_BUILD_TESTS "Build the tests" ${PROJECT_IS_TOP_LEVEL})
option(FRESHEN_BUILD_EXAMPLES "Build the examples" ${PROJECT_IS_TOP_LEVEL})
option(FRESHEN_INSTALL "Make rules that install Freshen" ${PROJECT_IS_TOP_LEVEL})
set(FRESHEN_SANITIZE "" CACHE STRING "Sanitizers, separated by commas (address,undefined)")

if(PROJECT_IS_TOP_LEVEL)
    option(BUILD_SHARED_LIBS "Build shared libraries" ON)
    if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
        set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
    endif()
    find_program(FRESHEN_CCACHE ccache)
    if(FRESHEN_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
        set(CMAKE_CXX_COMPILER_LAUNCHER ${FRESHEN_CCACHE})
    endif()
    set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
endif()

include(GNUInstallDirs)

# One place for programs, one for libraries, one for the helper, laid out as they are installed:
# so everything finds everything in the build tree, too.
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/bin)
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/lib)
set(CMAKE_ARCHIVE_OUTPUT_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/lib)
set(FRESHEN_LIBEXEC_OUTPUT_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/libexec)

set(CMAKE_INSTALL_RPATH "$ORIGIN/../${CMAKE_INSTALL_LIBDIR}")

# What every target of Freshen is built with.
function(freshen_target_defaults target)
    target_compile_features(${target} PUBLIC cxx_std_20)
    set_target_properties(${target} PROPERTIES
        CXX_EXTENSIONS OFF
        CXX_VISIBILITY_PRESET hidden
        VISIBILITY_INLINES_HIDDEN ON
        POSITION_INDEPENDENT_CODE ON
    )
    target_include_directories(${target} PRIVATE ${Freshen_SOURCE_DIR})
    target_compile_definitions(${target} PRIVATE
        QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_NO_URL_CAST_FROM_STRING
        QT_NO_KEYWORDS QT_NO_FOREACH QT_DISABLE_DEPRECATED_BEFORE=0x060400
    )
    target_compile_options(${target} PRIVATE
        -Wall -Wextra -Wpedantic -Wnon-virtual-dtor -Wcast-align -Woverloaded-virtual
        -Wno-missing-field-initializers
        # GCC 12 finds overlaps in std::string itself (its bug 105651).
        $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
    )
    if(FRESHEN_SANITIZE)
        target_compile_options(${target} PRIVATE
            -fsanitize=${FRESHEN_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
        target_link_options(${target} PUBLIC -fsanitize=${FRESHEN_SANITIZE})
    endif()
endfunction()
