// The mappings by which uploads may be read, as whoever chooses one needs to know them.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace catchment::imports {

struct MappingInfo {
  std::string name;  // of the file, without .json
  std::string description;
  std::vector<std::string> tables;     // that it fills, each once, in its order
  std::vector<std::string> variables;  // each needs a value
  bool has_positions = false;          // the reference system must be said
};

// Every NAME.json of the folder that an upload may name, sorted; read anew each time, so that an operator can add one.
// One that is no mapping is left out: the importer says why when it is used.
std::vector<MappingInfo> list_mappings(const std::filesystem::path& folder);

// Letters, digits, - and _: nothing that leads out of the folder.
bool is_mapping_name(const std::string& name);

}  // namespace catchment::imports
