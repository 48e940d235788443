// What every part of a policy pack is made of: entries that rest on a clause of a document.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/model.hpp"
#include "engine/policy/moment.hpp"

namespace catchment::engine::policy {

struct Entry {
  std::string id;
  std::string title;
  std::string en;
  std::string note;
  std::string clause;  // id of a Clause
};

// JsonLogic over the facts of a child (engine/admission/child_facts.hpp), as compact JSON text; empty: always.
struct Condition {
  std::string logic;
};

enum class Sector { any, public_school, private_school };

struct Clause {
  std::string id;
  std::string section;              // as the document numbers it: "四(二)"
  std::string title;                // its substance, in our words
  std::vector<std::string> serves;  // requirement ids: "CQ21"
};

struct Document {
  std::string id;
  std::string title;
  std::string issuer;
  std::string number;         // 文号; empty: none given
  std::optional<Day> issued;  // absent: the document bears no date
  std::vector<Clause> clauses;
};

struct District {
  std::string id;
  std::string name;
  std::string en;
};

enum class Ban { never, before_term };  // before_term: may be asked for once term has begun

// What may not be asked, as evidence or as a field.
struct Forbidden : Entry {
  Ban ban = Ban::never;
};

}  // namespace catchment::engine::policy
