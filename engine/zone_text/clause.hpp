// The clause tree of a catchment notice: what its words say, before any name in them is looked up.
//
// A row of a notice ("school: words") becomes a list of clauses; each keeps the bytes it came from, so that an answer
// can quote the clause that decided it. Words that cannot be read become a clause `Unread`, never a guess. Families (R1
// ... T1) are those of the notices collected for this project; ARCHITECTURE.md lists them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "geo/address/address.hpp"

namespace catchment::engine::zone_text {

using geo::Span;

enum class Compass : std::uint8_t { north, northeast, east, southeast, south, southwest, west, northwest };
Compass opposite(Compass side);

enum class Parity : std::uint8_t { all, odd, even };

// A name as meant: normalised, with what a list shares restored (署前二街 out of 署前一、二、三街). The span is what
// was typed for it.
struct Name {
  std::string text;
  Span span;
};

// --- lines and regions --------------------------------------------------------------------------------------------

enum class LineKind : std::uint8_t { road, river, railway, boundary, wall, other };  // by its words; boundary: 二七区界
enum class Section : std::uint8_t { whole, north, east, south, west, middle };       // 东段

struct Line {
  Name name;                       // without section and extension words; "铁路" for a railway without a name
  LineKind kind = LineKind::road;  // boundary: the name is the place's, 二七区 of 二七区界
  Section section = Section::whole;
  std::optional<Name> from;  // （A路至B路区间段）
  std::optional<Name> to;
  std::vector<Compass> extended;  // 及其向东延伸线
  std::vector<Name> also;         // other names in brackets: 拱辰街（北二环）
};

// One leg of a boundary told as a walk: 往南至C街, 沿D大街往西至E路.
struct WalkStep {
  std::optional<Compass> heading;
  std::optional<Line> along;  // the line walked on, when it is named
  Line to;                    // up to this line, crossing or place (kind other)
};

// One boundary made of one line or of several joined ones.
struct LineExpr {
  std::vector<Line> lines;      // in the order written; of a walk: the lines that cross where it starts
  std::vector<WalkStep> steps;  // empty unless the boundary is told as a walk
  Span span;
};

enum class FrontageKind : std::uint8_t { both_sides, one_side, included, excluded };
struct Frontage {  // （含路两侧）, （含该路北侧）, （含二环道）, （不含建设路）
  FrontageKind kind = FrontageKind::included;
  std::optional<Compass> side;  // one_side
  std::optional<Line> line;     // when it names one; else the side's own line
  Span span;
};

// One bound of a region. 东边：二七路以西 has label east and direction west; 二七路以西 alone has only a direction;
// 东至二七路 only a label; a line of a ring has neither.
struct Side {
  std::optional<Compass> label;
  std::optional<Compass> direction;  // where the region lies from the line
  Section part = Section::whole;     // 西段，: which part of the labelled side this line makes
  LineExpr line;
  bool along = false;  // 沿线及: both sides of the line belong
  std::vector<Frontage> frontages;
  Span span;
};

enum class RegionForm : std::uint8_t { half_planes, side_labels, four_bounds, pairs, ring, along };

struct Region {
  RegionForm form = RegionForm::half_planes;
  std::vector<Side> sides;  // pairs: 0-1 and 2-3 face each other; ring: in order around; along: the line, then its ends
  std::vector<Name> within;  // 范围内的五山街: and inside one of these
};

// --- addresses ----------------------------------------------------------------------------------------------------

enum class NumberUnit : std::uint8_t {
  door,      // 号, and a bare number
  compound,  // 号院, 大院
  lane,      // 弄, 巷
  sublane,   // 支弄
  building,  // 幢, 栋, 座, 号楼
  phase,     // 期
  sector,    // A区: number A = 1
  group,     // 组, 社, 队, 鄰
};

// 1-15（单号）, 145号起单号, 142号止, 38号之一至五, 209弄1号-23支弄（弄内单号）. A single number has from == to; both
// empty: every number.
struct NumberRange {
  NumberUnit unit = NumberUnit::door;
  NumberUnit to_unit = NumberUnit::door;  // 1号-207弄
  std::optional<geo::DoorNumber> from;
  std::optional<geo::DoorNumber> to;
  Parity parity = Parity::all;
  std::vector<NumberRange> inside;  // numbers within this one: 209弄 1-17号, 员村西街1号大院 24-41号
  Span span;
};

enum class ItemKind : std::uint8_t {
  unknown,
  street,
  estate,
  community,
  village,
  town,
  district,  // also 全区, 全市: the whole of what the notice is for
  block,     // 街坊
  institution,
  school,
};

struct Modifier;

// One named thing of an address list: 长安路（单号）, 东兴园1至6幢, 大金钟社区（只招…）, 谢家庄村8社.
struct Item {
  ItemKind kind = ItemKind::unknown;  // by its words; the compiler settles it by the gazetteer
  std::vector<Name> path;             // what stands before it: district, town, community, estate
  Name name;                          // empty text: numbers with no street (a finding)
  std::vector<NumberRange> numbers;
  std::vector<Modifier> modifiers;
  Span span;
};

enum class ModifierKind : std::uint8_t {
  except,     // 除外, 不含; items or sides; 除…之外其余… on a place too
  only,       // 只招, 仅限
  contains,   // 含, 包括: named for clarity, adds nothing that is outside
  alias,      // 原…, 即…, 按原门牌号20号
  household,  // 集体户口除外, 只招…原村民子弟: words in `household`
  partial,    // 部分, 的部分
  vague,      // 附近, 周边, 距离…较近的
  void_now,   // 已拆迁, 空号
  note,       // 筹建, 暂定名, 复建交付使用后再调整, phones, anything that changes no answer
};

enum class HouseholdKind : std::uint8_t {
  any,
  local_hukou,       // …户籍的
  urban_hukou,       // 市区居民户口
  non_urban_hukou,   // 非市区居民户口
  hukou_residence,   // 人户一致
  native_villager,   // 原村民, 旧居民
  collective_hukou,  // 集体户口
  employee_child,    // …职工子弟
  migrant_child,     // 进城务工人员随迁子女
  military_child,    // 部队军人子女
  renter,            // 租购同权
  police_district,   // 户籍属…派出所
  other,
};

struct Household {
  HouseholdKind kind = HouseholdKind::any;
  bool excluded = false;  // 除外: the others are meant
  std::string who;        // the village, employer or police station, normalised; may be empty
  Span span;
};

struct Modifier {
  ModifierKind kind = ModifierKind::note;
  std::vector<Item> items;
  std::vector<Side> sides;  // （只招飞鹅西路以北）
  std::vector<Household> households;
  std::vector<Name> names;
  Span span;
};

// --- clauses ------------------------------------------------------------------------------------------------------

struct Addresses {
  std::vector<Item> items;
};

// 市二小、涧东小学的毕业生，河滨小学部分毕业生
struct Feeder {
  std::vector<Name> schools;  // empty: every primary school of `of`, or of the city
  std::optional<Name> of;     // 尹庄镇所属小学
  bool own = false;           // 本校小学
  bool partial = false;       // 部分毕业生
  std::vector<Household> households;
  std::vector<Side> sides;  // 铁塔寺北街以东、一中北路以南
};

struct HouseholdGroup {  // 驻灵部队军人子女, 进城务工人员随迁子女: whole groups, wherever they live
  Household household;
};

struct ZoneReference {  // 原沙步小学招生服务范围内, 同…小学
  Name school;
  bool former = false;
};

enum class AllocationMode : std::uint8_t { direct, choice, lottery, overflow, temporary_host, coordinated, joint };
std::string_view to_word(AllocationMode mode);

struct Allocation {  // holds for the whole row, or for `items`
  AllocationMode mode = AllocationMode::direct;
  // joint: 与新兴、进学国小为共同学区. direct with partners: the items are theirs (餘為民德國中學區), and this school's
  // only if it is one of them.
  std::vector<Name> partners;
  std::vector<Item> items;
  Span span = {};  // the words of the clause; set by the compiler
};

struct Note {};    // time words, phones, history: changes no answer
struct Unread {};  // words no rule reads: a finding

struct Clause {
  std::variant<Region, Addresses, Feeder, HouseholdGroup, ZoneReference, Allocation, Note, Unread> what;
  std::vector<Modifier> modifiers;    // of the whole clause
  std::vector<Household> households;  // of the whole clause: …户籍的适龄儿童
  std::string campus;                 // when the text gives campuses parts of their own
  Span span;
};

struct ZoneText {
  std::string text;  // as published; spans are bytes of it
  std::vector<Clause> clauses;
};

// Nested words, one line a clause, for tests and for people: (region half_planes (side of:west (road 凤栖街)) …).
// Ranges are written from..to, with their parity and what is inside: (street 长安路 1..15:odd lane=209{1..17:odd}).
std::string to_text(const ZoneText& zone);
std::string to_text(const Clause& clause);

}  // namespace catchment::engine::zone_text
