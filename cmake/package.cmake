# What is installed, and the Debian package: cmake --build --preset release --target catchment catchmentd, then
# cpack --config build/release/CPackConfig.cmake. Only what was built is packed, so nothing else need be.
include(GNUInstallDirs)
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)
set(shared ${CMAKE_INSTALL_DATADIR}/catchment)
if(CATCHMENT_WITH_GDAL)
  install(TARGETS catchment)
endif()
install(TARGETS catchmentd)
install(FILES deploy/catchmentd.service deploy/catchment-lookup@.service DESTINATION lib/systemd/system)
install(FILES deploy/catchment.sysusers DESTINATION lib/sysusers.d RENAME catchment.conf)
install(FILES deploy/service.conf deploy/lookup.conf DESTINATION /etc/catchment)
install(DIRECTORY deploy/www DESTINATION ${shared})
install(DIRECTORY viewer/dist/ DESTINATION ${shared}/viewer OPTIONAL)  # there once `npm run build` was run
install(DIRECTORY datasets/policy/ DESTINATION ${shared}/policy FILES_MATCHING PATTERN *.json)
install(DIRECTORY datasets/mappings DESTINATION ${shared})
install(FILES README.md CHANGELOG.md GLOSSARY.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME copyright)
install(DIRECTORY deploy/nginx deploy/postgresql DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT "Catchment <catchment@example.invalid>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "nginx")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "postgresql-15, pgbouncer")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
  ${PROJECT_SOURCE_DIR}/deploy/debian/conffiles ${PROJECT_SOURCE_DIR}/deploy/debian/postinst
  ${PROJECT_SOURCE_DIR}/deploy/debian/prerm)
include(CPack)
