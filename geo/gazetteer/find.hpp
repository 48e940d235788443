// The work of one Gazetteer::find(). Internal.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "geo/gazetteer/address_parts.hpp"
#include "geo/gazetteer/find_names.hpp"
#include "geo/gazetteer/tables.hpp"

namespace catchment::geo {

// A typed name and everything of the city it may mean.
struct TypedName {
  const AddressToken* token = nullptr;
  std::vector<MatchedName> hits;  // best first; none: nobody bears the name
  bool cut = false;               // digits before the name, or further names, were passed over
  bool guessed() const { return !hits.empty() && hits.front().evidence > Evidence::name_short; }
  const MatchedName* hit(NameId name) const;  // null if it cannot mean that
};

enum class Fit : std::uint8_t { agrees, absent, contradicts };  // absent: not typed, or the address does not say

// How well a draft answers what was typed.
enum class Quality : std::uint8_t {
  full,      // everything typed is there
  covered,   // something typed is not in the city, but what is known alone decides the place
  doubtful,  // something typed differs, or is not in the city and could matter
  between,   // interpolated
  coarse     // a street, or a district
};

struct Draft {
  Candidate candidate;
  Quality quality = Quality::full;
  bool guessed = false;    // the name that led here is only like the typed one
  bool supported = false;  // ... and another typed part agrees
  bool contradicted = false;
  bool unheard = false;   // words were typed that this address does not have
  std::size_t typed = 0;  // parts that agree; breaks ties
  std::array<Evidence, kPathParts> numbers{};
  std::array<std::string, kPathParts> number_texts;
};

class Finder {
 public:
  Finder(const GazetteerTables& tables, const ParsedAddress& parsed, const FindOptions& options);
  // Fills status and candidates.
  void run(Found& found);

 private:
  struct Anchor {
    NameId name = kNoName;
    MatchedName hit;
    const AddressToken* token = nullptr;
  };
  using Group = std::vector<EntryId>;

  // find_anchors.cpp
  void resolve_names();
  TypedName resolve(const AddressToken* token, std::initializer_list<AddressPart> parts, bool guess) const;
  void resolve_unknown();
  std::vector<Anchor> anchors() const;
  bool exact(Found& found) const;
  bool may_be_another(const EntryRow& row) const;

  // find_doors.cpp
  void search(const Anchor& anchor);
  void search_street(const Anchor& anchor);
  void search_area(const Anchor& anchor);
  void search_aliases(const Anchor& anchor);
  void add_groups(const Anchor& anchor, const Group& doors, Evidence door_evidence);
  void add_group(const Anchor& anchor, Group group, Evidence door_evidence, bool contradicted);
  void add_narrowed(Draft draft, const Anchor& anchor, const Group& group);
  void add_each(const Draft& draft, const Anchor& anchor, const Group& group);
  void judge_door(Draft& draft, const Anchor& anchor, const EntryRow& row, Evidence door_evidence) const;
  void narrow_by_words(Draft& draft, Group& group) const;
  void take_room_for_stair(const Group& group);
  bool typed_bare(const AddressToken& token) const;
  bool is_one_place(const Group& group) const;
  bool same_building(const Group& group) const;
  bool goes_deeper(const EntryRow& row) const;
  void keep_typed(EntryPath& path, const EntryRow& row) const;
  bool interpolate(const Anchor& anchor, std::span<const EntryId> lane);
  void add_thing(const Anchor& anchor, Quality quality);
  Draft draft_of(const Anchor& anchor) const;
  std::span<const EntryId> lane_range(NameId street) const;
  // Keeps of `group` what has the typed number of that part; false if nothing has, and then keeps all it can.
  void narrow(Draft& draft, Group& group, PathPart part) const;
  void place(Draft& draft, const Group& group) const;

  // find_rank.cpp
  Fit fit(const EntryPlace& place, NameId anchor) const;
  Fit fit_of(const TypedName& typed, NameId name) const;
  Fit fit_town(const EntryPlace& place) const;
  Fit fit_thing(NameId name) const;
  bool supports(const EntryRow& row, const Anchor& anchor) const;
  bool cut() const;
  void explain(Draft& draft, const Anchor& anchor, const EntryRow* row) const;
  void decide(Found& found);

  const GazetteerTables& t_;
  const ParsedAddress& parsed_;
  const FindOptions& options_;
  AddressParts parts_;
  TypedName city_;
  TypedName district_;
  TypedName town_;
  TypedName community_;
  TypedName street_;
  TypedName estate_;
  TypedName institution_;
  std::vector<TypedName> unknown_;
  std::vector<const AddressToken*> used_;  // of parts_.left: understood after all
  std::vector<Draft> drafts_;
  bool foreign_ = false;  // another city or province was typed
};

// find_places.cpp
EntryPath path_of(const EntryRow& row);
// As the city writes it, without a unit; empty for none and for what is named.
std::string number_text(PackedNumber packed);
// Forgets in `path` what `other` has otherwise.
void keep_common(EntryPath& path, const EntryPath& other);
// As the city would write it: district, street, numbers.
std::string text_of_path(const GazetteerTables& tables, const EntryPath& path);
// Level, text and path of a candidate that is a named thing.
void set_thing(const GazetteerTables& tables, NameId name, Candidate& candidate);
Point middle_of(const Box& box);
// The place at a share of the way from a door to another: along the street's line where both are on it.
Point between(const GazetteerTables& tables, const NameRow& street, const EntryRow& a, const EntryRow& b, double share);

}  // namespace catchment::geo
