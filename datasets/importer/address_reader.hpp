// Addresses of a foreign file, by position or by text, to be matched and not kept. Any format the importer reads, in
// constant memory.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "geo/point.hpp"

namespace catchment::datasets {

struct AddressFile {
  std::filesystem::path file;
  std::string crs;         // as ImportRequest::crs; empty: positions are not read, only texts
  bool force_crs = false;  // as ImportRequest::force_crs
  std::string layer;       // empty: the file's only one
  std::string encoding;    // empty: UTF-8 or what the file declares
  std::string id_field;    // empty: the row's number
  std::string text_field;  // empty: no text
  std::string lon_field;   // with lat_field: positions are in two fields (x and y of the crs) instead of a geometry
  std::string lat_field;
  std::string error_field;           // metres; empty: not stated
  std::string household_field;       // household facts of the child; empty: none
  std::string primary_school_field;  // the child's primary school; empty: none

  bool only_texts() const { return crs.empty() && !text_field.empty() && lon_field.empty() && lat_field.empty(); }
};

struct FileAddress {
  std::string id;
  std::string text;
  std::optional<geo::Point> position;
  double error_m = 0;
  std::string problem;  // why there is no position, when the row has one that cannot be used
  std::string household;
  std::string primary_school;
};

// Calls take(address, share of the file read or nothing) for every row until it returns false. A row that cannot be
// used is passed on without a position: no row is lost. Throws InputError as an import does.
void read_addresses(const AddressFile& request, const std::function<bool(FileAddress, std::optional<double>)>& take);

}  // namespace catchment::datasets
