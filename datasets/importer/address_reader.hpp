// Addresses of a foreign file, to be matched and not kept. Any format the importer reads, in constant memory.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "geo/point.hpp"

namespace catchment::datasets {

struct AddressFile {
  std::filesystem::path file;
  std::string crs;         // as ImportRequest::crs
  bool force_crs = false;  // as ImportRequest::force_crs
  std::string layer;       // empty: the file's only one
  std::string encoding;    // empty: UTF-8 or what the file declares
  std::string id_field;    // empty: the row's number
  std::string text_field;  // empty: no text
  std::string lon_field;   // with lat_field: positions are in two fields (x and y of the crs) instead of a geometry
  std::string lat_field;
  std::string error_field;  // metres; empty: not stated
};

struct FileAddress {
  std::string id;
  std::string text;
  std::optional<geo::Point> position;
  double error_m = 0;
  std::string problem;  // why there is no position, when the row has one that cannot be used
};

// Calls take(address, share of the file read or nothing) for every row until it returns false. A row that cannot be
// used is passed on without a position: no row is lost. Throws InputError as an import does.
void read_addresses(const AddressFile& request, const std::function<bool(FileAddress, std::optional<double>)>& take);

}  // namespace catchment::datasets
