# SPDX-FileCopyrightText: 2026 The Freshen authors
# SPDX-License-Identifier: MIT

# What `cmake --install` installs, and the package that find_package(Freshen) finds there.

include(CMakePackageConfigHelpers)

set(FRESHEN_INSTALL_CMAKEDIR ${CMAKE_INSTALL_LIBDIR}/cmake/Freshen)

# Files that are installed beside Freshen's libraries, without their folder.
list(TRANSFORM FRESHEN_BUNDLED_LIBRARIES REPLACE ".*/" "" OUTPUT_VARIABLE FRESHEN_BUNDLED_NAMES)

# What pkg-config adds for who links statically.
set(FRESHEN_PKGCONFIG_PRIVATE "-L\${libdir}/Freshen -lfreshen_install -lfreshen_trust \
-lfreshen_platform -lcrypto -lbz2 -ldivsufsort -lutf8proc -lKF6Archive")
if(FRESHEN_BUNDLED_NAMES)
    list(GET FRESHEN_BUNDLED_NAMES 0 archive)
    string(REPLACE "-lKF6Archive" "-l:${archive}"
        FRESHEN_PKGCONFIG_PRIVATE "${FRESHEN_PKGCONFIG_PRIVATE}")
endif()

# The public library FreshenName of the calling folder with its headers.
function(freshen_install_library name)
    set(target Freshen${name})
    install(TARGETS ${target} EXPORT ${target}Targets
        LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
        INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
    )
    install(EXPORT ${target}Targets NAMESPACE Freshen:: DESTINATION ${FRESHEN_INSTALL_CMAKEDIR})
    install(DIRECTORY
        ${CMAKE_CURRENT_SOURCE_DIR}/include/Freshen ${CMAKE_CURRENT_BINARY_DIR}/include/Freshen
        DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
    )
    freshen_install_pkgconfig(${name})
endfunction()

function(freshen_install_pkgconfig name)
    set(folder ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
    file(RELATIVE_PATH pc_prefix /${folder} /)
    set(pc_requires "Qt6Core Qt6Network")
    if(name STREQUAL Widgets)
        set(pc_requires "FreshenCore Qt6Widgets")
    endif()
    set(pc_private)
    set(pc_define)
    if(NOT BUILD_SHARED_LIBS)
        set(pc_private ${FRESHEN_PKGCONFIG_PRIVATE})
        if(name STREQUAL FaultServer)
            set(pc_private -lz)
        endif()
        set(pc_define -DFRESHEN_STATIC)
    endif()
    configure_file(${Freshen_SOURCE_DIR}/lib/cmake/Freshen.pc.in Freshen${name}.pc @ONLY)
    install(FILES ${CMAKE_CURRENT_BINARY_DIR}/Freshen${name}.pc DESTINATION ${folder})
endfunction()

# A static Freshen::Core is linked together with the archives below it.
function(freshen_install_internal_archives)
    install(TARGETS freshen_platform freshen_trust freshen_install EXPORT FreshenCoreTargets
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}/Freshen)
endfunction()

function(freshen_install_programs)
    install(TARGETS freshen freshen-appcast freshen-fault-server freshen-supervise
        RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
    install(TARGETS freshen-helper EXPORT FreshenCoreTargets
        RUNTIME DESTINATION ${CMAKE_INSTALL_LIBEXECDIR})
endfunction()

function(freshen_install_package_config)
    configure_package_config_file(
        ${Freshen_SOURCE_DIR}/lib/cmake/FreshenConfig.cmake.in FreshenConfig.cmake
        INSTALL_DESTINATION ${FRESHEN_INSTALL_CMAKEDIR}
        PATH_VARS CMAKE_INSTALL_LIBDIR
    )
    write_basic_package_version_file(FreshenConfigVersion.cmake COMPATIBILITY SameMajorVersion)
    install(FILES
        ${CMAKE_CURRENT_BINARY_DIR}/FreshenConfig.cmake
        ${CMAKE_CURRENT_BINARY_DIR}/FreshenConfigVersion.cmake
        ${Freshen_SOURCE_DIR}/lib/cmake/FreshenAddApplication.cmake
        DESTINATION ${FRESHEN_INSTALL_CMAKEDIR}
    )
endfunction()

# What lets the helper have an administrator's rights, where the administrator wants that.
function(freshen_install_system_files)
    if(NOT LINUX)
        return()
    endif()
    set(folder ${Freshen_SOURCE_DIR}/platform/linux)
    install(FILES ${folder}/org.freshen.update.policy
        DESTINATION ${CMAKE_INSTALL_DATADIR}/polkit-1/actions)
    install(FILES ${folder}/freshen-helper.socket ${folder}/freshen-helper@.service
        DESTINATION lib/systemd/system)
endfunction()

# Called once, when all targets exist.
function(freshen_install)
    freshen_install_programs()
    freshen_install_system_files()
    if(NOT BUILD_SHARED_LIBS)
        freshen_install_internal_archives()
    endif()
    install(FILES ${FRESHEN_BUNDLED_LIBRARIES} DESTINATION ${CMAKE_INSTALL_LIBDIR})
    freshen_install_package_config()
endfunction()
