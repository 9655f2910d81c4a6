# SPDX-FileCopyrightText: 2026 The Freshen authors
# SPDX-License-Identifier: MIT

# freshen_add_application(<target>
#     PRODUCT <id> FEED <url> PUBLIC_KEY <file>...
#     [VERSION <version>]      default: the project's
#     [CHANNEL <channel>]      default: stable
#     [EXECUTABLE <path>]      in the installed tree, default: bin/<file name of the target>
#     [READY signal|alive:<seconds>|none] [VERSIONING sparkle|semver]
#     [ALLOW_HTTP] [ALLOW_UNSIGNED_FEED] [NO_ROLLBACK]
# )
#
# Makes an executable an application that Freshen keeps fresh. Call it after
# target_link_libraries(). It writes freshen.json and adds install rules for a complete tree: the
# executable, freshen.json at the root, the helper in libexec and, where they are shared and not
# the system's, Freshen's libraries in lib. They belong to the install component <target>, so
# `cmake --install . --component <target>` makes a tree that is ready for `freshen-appcast pack`.
#
# freshen.json is not beside the executable in the build tree, so developer builds do not update.
#
# Whoever updates the application by other means, as a distribution does, configures it with
# FRESHEN_UPDATES=OFF: the executable alone is installed then, and nothing of Freshen shows.
function(freshen_add_application target)
    cmake_parse_arguments(PARSE_ARGV 1 arg "ALLOW_HTTP;ALLOW_UNSIGNED_FEED;NO_ROLLBACK"
        "PRODUCT;FEED;VERSION;CHANNEL;EXECUTABLE;READY;VERSIONING" "PUBLIC_KEY")
    _freshen_check_arguments()
    cmake_path(GET arg_EXECUTABLE PARENT_PATH folder)
    cmake_path(SET libexec NORMALIZE "${folder}/../libexec")
    cmake_path(SET lib NORMALIZE "${folder}/../lib")

    set(file ${CMAKE_CURRENT_BINARY_DIR}/${target}.freshen/freshen.json)
    _freshen_description(description)
    file(GENERATE OUTPUT ${file} CONTENT "${description}" TARGET ${target})

    # Freshen's own examples are installed only when asked for by name.
    set(component COMPONENT ${target})
    if(Freshen_SOURCE_DIR)
        cmake_path(IS_PREFIX Freshen_SOURCE_DIR "${CMAKE_CURRENT_SOURCE_DIR}" ours)
        if(ours)
            list(APPEND component EXCLUDE_FROM_ALL)
        endif()
    endif()
    install(TARGETS ${target} RUNTIME DESTINATION ${folder} ${component})
    if(FRESHEN_UPDATES OR NOT DEFINED FRESHEN_UPDATES)
        install(FILES ${file} DESTINATION . ${component})
        _freshen_install_file(${target} Freshen::Helper ${libexec} ${component})
    endif()
    _freshen_install_libraries(${target} ${lib} ${component})
    set_property(TARGET ${target} APPEND PROPERTY INSTALL_RPATH "$ORIGIN/../lib")
endfunction()

macro(_freshen_check_arguments)
    foreach(needed PRODUCT FEED PUBLIC_KEY)
        if(NOT arg_${needed})
            message(FATAL_ERROR "freshen_add_application(${target}) needs ${needed}.")
        endif()
    endforeach()
    if(arg_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR
            "freshen_add_application(${target}) does not know ${arg_UNPARSED_ARGUMENTS}.")
    endif()
    if(NOT arg_VERSION)
        set(arg_VERSION "${PROJECT_VERSION}")
    endif()
    if(NOT arg_VERSION)
        message(FATAL_ERROR "freshen_add_application(${target}) needs VERSION, "
            "because the project ${PROJECT_NAME} has none.")
    endif()
    if(NOT arg_CHANNEL)
        set(arg_CHANNEL stable)
    endif()
    if(NOT arg_EXECUTABLE)
        set(arg_EXECUTABLE "bin/$<TARGET_FILE_NAME:${target}>")
    endif()
    # The helper is looked for in ../libexec, seen from the executable.
    if(NOT arg_EXECUTABLE MATCHES "^[^/]+/" OR arg_EXECUTABLE MATCHES "(^|/)\\.\\.?(/|$)")
        message(FATAL_ERROR "EXECUTABLE \"${arg_EXECUTABLE}\" has to be a path inside the tree, "
            "in a folder such as bin.")
    endif()
    if(arg_READY AND NOT arg_READY MATCHES "^(signal|none|alive:[1-9][0-9]*)$")
        message(FATAL_ERROR "READY \"${arg_READY}\" is not signal, alive:SECONDS or none.")
    endif()
    if(arg_VERSIONING AND NOT arg_VERSIONING MATCHES "^(sparkle|semver)$")
        message(FATAL_ERROR "VERSIONING \"${arg_VERSIONING}\" is not sparkle or semver.")
    endif()
endmacro()

# The text of freshen.json, from the arguments of freshen_add_application().
function(_freshen_description result)
    set(json "{")
    foreach(name PRODUCT VERSION CHANNEL FEED EXECUTABLE READY VERSIONING)
        if(arg_${name})
            string(TOLOWER ${name} member)
            string(REGEX REPLACE "([\"\\\\])" "\\\\\\1" value "${arg_${name}}")
            string(APPEND json "\n    \"${member}\": \"${value}\",")
        endif()
    endforeach()
    if(arg_ALLOW_HTTP)
        string(APPEND json "\n    \"allowHttp\": true,")
    endif()
    set(signed true)
    if(arg_ALLOW_UNSIGNED_FEED)
        set(signed false)
    endif()
    if(arg_NO_ROLLBACK)
        string(APPEND json "\n    \"rollback\": false,")
    endif()
    set(keys)
    foreach(file IN LISTS arg_PUBLIC_KEY)
        _freshen_read_public_key(key "${file}")
        list(APPEND keys "\"${key}\"")
    endforeach()
    list(JOIN keys ", " keys)
    string(APPEND json "\n    \"publicKeys\": [${keys}],\n    \"requireSignedFeed\": ${signed}\n}\n")
    set(${result} "${json}" PARENT_SCOPE)
endfunction()

# The key in a minisign public key file, or in a file with nothing but the key.
function(_freshen_read_public_key result file)
    cmake_path(ABSOLUTE_PATH file)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${file}")
    file(STRINGS "${file}" key REGEX "^[A-Za-z0-9+/]+=*$")
    string(LENGTH "${key}" length)
    if(NOT length EQUAL 56 AND NOT length EQUAL 44)
        message(FATAL_ERROR "${file} is not a public key; `freshen-appcast keygen` makes one.")
    endif()
    set(${result} "${key}" PARENT_SCOPE)
endfunction()

# Freshen's libraries, as far as they are shared and not the system's, and what they brought along.
function(_freshen_install_libraries target folder)
    foreach(library Freshen::Core Freshen::Widgets)
        if(TARGET ${library})
            _freshen_is_deployed(deployed ${library})
            if(deployed)
                _freshen_install_file(${target} ${library} ${folder} ${ARGN})
            endif()
        endif()
    endforeach()
    get_property(bundled GLOBAL PROPERTY FRESHEN_BUNDLED_LIBRARIES)
    install(FILES ${bundled} DESTINATION ${folder} ${ARGN})
endfunction()

function(_freshen_is_deployed result library)
    set(${result} FALSE PARENT_SCOPE)
    get_target_property(type ${library} TYPE)
    get_target_property(ours ${library} ALIASED_TARGET)
    if(type STREQUAL SHARED_LIBRARY)
        if(NOT ours)
            get_target_property(location ${library} LOCATION)
            cmake_path(GET location PARENT_PATH location)
        endif()
        if(ours OR NOT location IN_LIST CMAKE_CXX_IMPLICIT_LINK_DIRECTORIES)
            set(${result} TRUE PARENT_SCOPE)
        endif()
    endif()
endfunction()

# Installs the file of one of Freshen's targets, be it of this build or imported.
function(_freshen_install_file target file folder)
    add_dependencies(${target} ${file})
    get_target_property(ours ${file} ALIASED_TARGET)
    if(ours)
        install(TARGETS ${ours}
            RUNTIME DESTINATION ${folder} ${ARGN}
            LIBRARY DESTINATION ${folder} NAMELINK_SKIP ${ARGN})
    else()
        install(IMPORTED_RUNTIME_ARTIFACTS ${file}
            RUNTIME DESTINATION ${folder} ${ARGN}
            LIBRARY DESTINATION ${folder} ${ARGN})
    endif()
endfunction()
