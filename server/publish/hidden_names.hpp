// Which names may not stand on a published map (datasets/publish/hidden_names.tsv, or a bureau's own list of that
// form).
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace catchment::publish {

class HiddenNames {
 public:
  // An empty path: the list that is shipped. Throws InputError("hidden_names", file:row).
  static HiddenNames read(const std::filesystem::path& file);

  // The words are compared as text is (geo/address/normal_text): full width and traditional characters hide nothing.
  bool hides(std::string_view name) const;
  // The name, or nothing where it is hidden.
  std::string shown(const std::string& name) const { return hides(name) ? std::string() : name; }

 private:
  struct Rule {
    bool number_before = false;
    std::string words;
    std::vector<std::string> except;
  };
  std::vector<Rule> rules_;
};

}  // namespace catchment::publish
