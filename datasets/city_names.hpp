// The gazetteer of a city package: built from its places, streets, other names and addresses, and kept in a snapshot.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "datasets/city_package.hpp"
#include "geo/gazetteer/gazetteer.hpp"
#include "geo/snapshot.hpp"

namespace catchment::datasets {

// Addresses are streamed: beside the gazetteer itself memory does not grow with them. Throws InputError as
// CityPackage's lists do, and gazetteer_input.
geo::Gazetteer build_names(const CityPackage& package);

// Under "names/" of a snapshot, with what tells whether a package is the one they were built from.
void save_names(const geo::Gazetteer& names, const CityPackage& package, geo::SnapshotWriter& writer);

// Those names, if they were built from just this package's; empty if the snapshot has none or other ones. A package
// that was not written to since is known at once; of another the rows are compared, which takes about as long as
// reading them. Throws InputError("snapshot_corrupt").
std::optional<geo::Gazetteer> find_names(const geo::Snapshot& snapshot, const CityPackage& package);

// The snapshot's names, or InputError("snapshot_stale", file) if it has none of this package; built when `file` is
// empty.
geo::Gazetteer open_names(const std::string& file, const CityPackage& package);

// Of everything build_names() reads.
std::uint64_t names_fingerprint(const CityPackage& package);

}  // namespace catchment::datasets
