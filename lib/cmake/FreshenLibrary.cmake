# SPDX-FileCopyrightText: 2026 The Freshen authors
# SPDX-License-Identifier: MIT

include(GenerateExportHeader)

# freshen_add_library(<Name> source...)
# Makes the public library FreshenName, known as Freshen::Name. Its public headers lie in
# include/Freshen beside the calling CMakeLists.txt; the macro FRESHEN_NAME_EXPORT comes from the
# generated <Freshen/name_export.h>.
function(freshen_add_library name)
    set(target Freshen${name})
    add_library(${target} ${ARGN})
    add_library(Freshen::${name} ALIAS ${target})
    freshen_target_defaults(${target})
    set_target_properties(${target} PROPERTIES
        EXPORT_NAME ${name}
        VERSION ${Freshen_VERSION}
        SOVERSION ${Freshen_VERSION_MAJOR}
        INSTALL_RPATH "$ORIGIN;${CMAKE_INSTALL_RPATH}"
    )
    string(TOLOWER ${name} lower)
    string(TOUPPER FRESHEN_${name} base)
    generate_export_header(${target} BASE_NAME ${base} STATIC_DEFINE FRESHEN_STATIC
        EXPORT_FILE_NAME include/Freshen/${lower}_export.h)
    target_include_directories(${target} PUBLIC
        $<BUILD_INTERFACE:${CMAKE_CURRENT_SOURCE_DIR}/include>
        $<BUILD_INTERFACE:${CMAKE_CURRENT_BINARY_DIR}/include>
    )
    if(BUILD_SHARED_LIBS)
        freshen_hide_symbols(${target})
    else()
        target_compile_definitions(${target} PUBLIC FRESHEN_STATIC)
    endif()
    if(FRESHEN_INSTALL)
        freshen_install_library(${name})
    endif()
endfunction()

# Hidden visibility alone leaves instances of standard templates among the exported symbols.
function(freshen_hide_symbols target)
    if(UNIX AND NOT APPLE)
        set(map ${Freshen_SOURCE_DIR}/lib/cmake/freshen.map)
        target_link_options(${target} PRIVATE -Wl,--version-script=${map})
        set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS ${map})
    endif()
endfunction()
