// The named things and doors of one city: from address text to ranked candidates with a place, a level and a reason,
// and back from a place to the nearest address. Immutable; mapped from the snapshot.
//
// Definite means: exactly one thing of the city fits everything that was typed, no digit differs, nothing typed was
// left unused that could have told it from another, and no name was guessed without a second, independent part of the
// text agreeing. Everything else is a list to choose from. Names may be matched loosely (typing errors, homophones,
// look-alike characters); digits never.
//
// A thing may be wide: a door with many buildings behind it, or an estate named alone, is definite with half its extent
// as error, and says no number that was not typed. A room, stair or sub-area without a row is definite only where the
// part that is known lies within 10 m; a building is not, where the city knows others. What was typed and lies
// elsewhere (another district, community, estate, postcode) never is.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "geo/address/address.hpp"
#include "geo/point.hpp"
#include "geo/shapes.hpp"
#include "geo/snapshot.hpp"

namespace catchment::geo {

// What a gazetteer is built from. Ids are the city package's.
struct GazetteerPlace {  // district, town, community, village, estate, institution
  std::string id;
  AddressPart part = AddressPart::unknown;
  std::string name;
  std::string parent_id;          // empty: the city
  std::optional<Point> position;  // empty: taken from its addresses, if it has any
  MultiPolygon shape;             // may be empty
};
struct GazetteerStreet {
  std::string id;
  std::string name;  // the pieces of one street share it
  Polyline line;
};
// Another name of a street, estate, community, village or door.
enum class AliasKind : std::uint8_t { legal, promoted, former, temporary, short_form };
struct GazetteerAlias {
  AddressPart part = AddressPart::unknown;
  std::string name;   // as the things above have it; a door as "建设路142号"
  std::string alias;  // "建设路20号"
  AliasKind kind = AliasKind::former;
};
struct GazetteerAddress {
  std::string id;
  std::string text;    // the whole address; what it says beyond street, door and estate (building, room) counts
  std::string street;  // may be empty
  std::string door;    // "12号", "12号附1号", "12 A"; may be empty
  std::string estate;  // may be empty
  std::optional<Point> position;
  double error_m = 0;  // 0 = not stated
};

struct GazetteerOptions {
  // 123-1号, 123号附1号 and 123号之一 are one door in this city.
  bool sub_forms_equal = false;
};

using EntryId = std::uint32_t;  // an address of the city, in the order they were added
inline constexpr EntryId kNoEntry = 0xffffffffu;

// The numbers that tell addresses of one street or estate apart, as written; 0 = none.
struct EntryPath {
  NameId street = kNoName;
  NameId estate = kNoName;
  NameId community = kNoName;  // or village; of the text, else the one whose shape covers the position
  NameId district = kNoName;   // likewise
  DoorNumber lane;             // 209弄
  DoorNumber sublane;          // 3支弄
  DoorNumber door;
  DoorNumber building;
  DoorNumber sector;       // A区 (a letter), 二区
  std::int32_t phase = 0;  // 二期
  std::int32_t stair = 0;
  std::int32_t room = 0;
  std::int32_t group = 0;  // 组, 社, 鄰
};

struct Entry {
  EntryPath path;
  std::optional<Point> position;
  double error_m = 0;
  std::string_view id;
  std::string_view text;
};

enum class MatchLevel : std::uint8_t { door, interpolated, estate, street, community, district, city };
std::string_view to_word(MatchLevel level);

enum class FindStatus : std::uint8_t { definite, choose, interpolated, street_only, unknown };
std::string_view to_word(FindStatus status);

// Why a candidate is in the list, in the order its parts stand in the text.
enum class Evidence : std::uint8_t {
  exact_text,  // the whole text is an address of the city
  name_exact,
  name_alias,
  name_short,  // 青河 for 青河路
  name_homophone,
  name_look_alike,
  name_typo,
  number_exact,
  number_form,       // the sub-number is written otherwise (-1 for 附1)
  number_between,    // interpolated between the doors on either side, same side of the street
  part_missing,      // typed, but the candidate has no such part (a room the city has no row for)
  part_contradicted  // typed and different: another district than the street lies in
};
std::string_view to_word(Evidence evidence);

struct Reason {
  Evidence evidence = Evidence::exact_text;
  Span span;         // of the typed text
  std::string with;  // what it was matched with
};

struct Candidate {
  MatchLevel level = MatchLevel::city;
  EntryId entry = kNoEntry;  // level door, if it is just one address and has no number that was not typed
  NameId name = kNoName;     // the estate, street, community or district when the level is one
  EntryPath path;            // what its addresses share of what was typed; interpolated: with the number typed
  std::optional<Point> position;
  double error_m = 0;     // radius within which the place lies; for an estate or street half its extent
  double confidence = 0;  // 0 to 1, comparable within one result only
  std::string text;       // as the city writes it
  std::vector<Reason> reasons;
};

struct Found {
  FindStatus status = FindStatus::unknown;
  ParsedAddress parsed;
  std::vector<Candidate> candidates;  // best first, at most FindOptions::limit; definite: exactly one
};

struct FindOptions {
  std::size_t limit = 8;
  bool fuzzy = true;
};

struct Suggestion {
  std::string text;
  std::vector<Span> highlights;  // of `text`: the parts that were typed
  MatchLevel level = MatchLevel::street;
  EntryId entry = kNoEntry;
  NameId name = kNoName;
  std::optional<Point> position;
};

struct NamedThing {
  AddressPart part = AddressPart::unknown;
  std::string_view name;  // official
  std::string_view id;    // of the package; streets: of their first piece
  NameId parent = kNoName;
  std::optional<Point> position;
  Box box;
};

struct NameHit {
  NameId name = kNoName;
  Evidence evidence = Evidence::name_exact;
  AliasKind alias_kind = AliasKind::legal;  // name_alias only
  double score = 1;                         // 0 to 1; exact and alias 1
};

// Which side of a street its odd numbers are on, learned from the doors that have a place.
struct StreetSides {
  int odd_on_left = 0;  // doors counted, left of the street's line as stored
  int odd_on_right = 0;
  int even_on_left = 0;
  int even_on_right = 0;
  bool known() const;        // at least 4 doors, and 9 of 10 agree
  bool odd_is_left() const;  // where known
};

class GazetteerBuilder {
 public:
  explicit GazetteerBuilder(GazetteerOptions options = {});
  ~GazetteerBuilder();
  GazetteerBuilder(GazetteerBuilder&&) noexcept;
  // Places and streets before addresses. Duplicate ids and unknown parents throw InputError("gazetteer_input", id).
  void add(const GazetteerPlace& place);
  void add(const GazetteerStreet& street);
  void add(const GazetteerAlias& alias);
  void add(const GazetteerAddress& address);

 private:
  friend class Gazetteer;
  struct State;
  std::unique_ptr<State> state_;
};

class Gazetteer final : public NameLexicon {
 public:
  // About linear in names and addresses. The builder is used up.
  static Gazetteer build(GazetteerBuilder&& builder);
  void save(SnapshotWriter& writer, const std::string& prefix) const;
  static Gazetteer open(const Snapshot& snapshot, const std::string& prefix);  // throws InputError("snapshot_corrupt")

  Found find(std::string_view text, const FindOptions& options = {}) const;
  Found find(ParsedAddress parsed, const FindOptions& options = {}) const;
  // Only texts that are, but for normalisation, an address of the city: out[i] is its entry, or kNoEntry when none or
  // several are. out.size() == texts.size().
  void find_exact(std::span<const std::string_view> texts, std::span<EntryId> out) const;
  // While someone types; best first. Empty for an empty text.
  std::vector<Suggestion> suggest(std::string_view typed, std::size_t limit = 8) const;
  // The nearest address with a place within the radius.
  std::optional<EntryId> nearest(Point p, double radius_m = 200) const;

  void names_at(std::string_view normal, std::vector<Hit>& out) const override;
  // Everything that bears the name, aliases and short forms included; with fuzzy also what is like it, best first.
  std::vector<NameHit> find_names(std::string_view name, bool fuzzy = false) const;
  std::size_t name_count() const;
  NamedThing thing(NameId name) const;                // throws std::out_of_range
  std::vector<NameId> children(NameId parent) const;  // sorted
  StreetSides sides(NameId street) const;

  std::size_t entry_count() const;
  Entry entry(EntryId id) const;  // throws std::out_of_range
  std::optional<EntryId> find_id(std::string_view id) const;
  // Of a street by lane, door, building, stair, room; of an estate by building, stair, room first; of a community or
  // district by street, then as the street's.
  std::span<const EntryId> entries_of(NameId name) const;
  std::size_t size_bytes() const;

 private:
  struct Tables;
  explicit Gazetteer(std::shared_ptr<const Tables> tables);
  std::shared_ptr<const Tables> tables_;
};

}  // namespace catchment::geo
