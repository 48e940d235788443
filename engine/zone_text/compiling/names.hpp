// What a name of a notice stands for: things of the gazetteer, areas of the ground. Internal to the compiler.
#pragma once

#include <vector>

#include "engine/zone_text/compiling/region.hpp"

namespace catchment::engine::zone_text {

struct Meant {
  geo::NameId name = geo::kNoName;    // in the gazetteer; kNoName: an area it does not hold
  ItemKind kind = ItemKind::unknown;  // settled
  std::size_t area = kNoLine;         // of the ground, if it has a shape
};

struct Resolution {
  std::vector<Meant> things;  // empty: unknown, reported; several: ambiguous, reported
  std::vector<geo::NameId> path;
};

class NameResolver {
 public:
  NameResolver(const Ground& ground, const CompileOptions& options, Reporter& report)
      : ground_(ground), options_(options), report_(report) {}

  Resolution resolve(const Item& item);
  // One name by its words alone; nothing is reported.
  std::vector<Meant> find(const std::string& text, ItemKind kind) const;
  // Things settled in this text without doubt: what other names are near to.
  void add_anchor(geo::NameId name);

 private:
  struct Hit {
    Meant meant;
    geo::Evidence evidence = geo::Evidence::name_exact;
    bool former = false;
  };
  std::vector<Hit> hits(const std::string& text, ItemKind kind) const;
  void report_unknown(const Item& item);
  bool lies_under(const Meant& thing, geo::NameId parent) const;
  std::vector<Hit> nearest(std::vector<Hit> hits) const;
  std::vector<Hit> within(std::vector<Hit> found, const Item& item) const;
  static std::vector<Hit> fitting(std::vector<Hit> found, const Item& item);

  const Ground& ground_;
  const CompileOptions& options_;
  Reporter& report_;
  std::vector<geo::Point> anchors_;
};

}  // namespace catchment::engine::zone_text
