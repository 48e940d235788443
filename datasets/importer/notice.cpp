#include "datasets/importer/notice.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>

#include "datasets/city_ground.hpp"
#include "datasets/city_names.hpp"
#include "datasets/city_rows.hpp"
#include "datasets/gpkg_file.hpp"
#include "datasets/importer/import_run.hpp"
#include "datasets/importer/notice_changes.hpp"
#include "datasets/importer/sha256.hpp"
#include "datasets/package_writer.hpp"
#include "engine/matching/zone_layer.hpp"
#include "geo/input_error.hpp"
#include "geo/topology.hpp"

namespace catchment::datasets {
namespace {

using engine::Zone;
using engine::ZoneRow;
using engine::zone_text::CompiledText;
using Severity = NoticeFinding::Severity;

constexpr double kSameArea = 0.99;  // intersection over union
constexpr std::size_t kDigestChars = 16;

double intersection_over_union(const geo::MultiPolygon& a, const geo::MultiPolygon& b) {
  const double both = geo::flat_area_m2(geo::overlay(a, b, geo::OverlayKind::union_of));
  return both > 0 ? geo::flat_area_m2(geo::overlay(a, b, geo::OverlayKind::intersection)) / both : 0;
}

// One import, in the order of its steps.
class NoticeImport {
 public:
  explicit NoticeImport(const NoticeRequest& request)
      : request_(request), document_(read_notice_document(request.file)) {
    report_.package = request.package.string();
    report_.file = request.file.string();
    report_.encoding = document_.encoding;
    report_.layer = request.layer;
  }

  NoticeReport run() {
    const bool writes = request_.yes || !request_.confirm.empty();
    CityPackage::open(request_.package);  // a package there must be: a notice alone is no city
    // Locked before it is read, so that what is compared is what is replaced.
    std::optional<PackageWriter> writer;
    if (writes) writer.emplace(request_.package, PackageWriter::Start::from_existing);
    const CityPackage package = CityPackage::open(request_.package);
    const SchoolBook book(package);
    read(package, book);
    if (!compile(package, book)) {
      report_.cancelled = true;
      return std::move(report_);
    }
    derive_zones(package, book);
    compare(book);
    const bool refused = std::ranges::any_of(report_.findings, &is_error);
    report_.blocked = refused && !request_.partial;
    if (!writes || report_.blocked || report_.digest.empty()) return std::move(report_);
    if (!request_.yes && request_.confirm != report_.digest) {
      throw InputError(
          "notice_changed", "--confirm " + request_.confirm,
          "the changes are not the ones confirmed: their digest is " + report_.digest + "; look at them again");
    }
    write(*writer);
    return std::move(report_);
  }

 private:
  struct Linked {  // the rows whose zone another source drew
    const ZoneRow* first = nullptr;
    std::vector<geo::MultiPolygon> shapes;
    bool whole = true;  // every row gives an area
  };

  static bool is_error(const NoticeFinding& finding) { return finding.severity == Severity::error; }

  void read(const CityPackage& package, const SchoolBook& book) {
    NoticeRows rows = find_notice_rows(document_, book, request_.layer);
    rows_ = std::move(rows.rows);
    report_.findings = std::move(rows.findings);
    report_.rows = rows_.size();
    report_.sha256 = sha256_of_file(request_.file);
    set_notice(package, rows.titles);
    report_.source = request_.source.empty() ? "notice:" + report_.notice.id : request_.source;
    for (ZoneRow& row : rows_) row.notice_id = report_.notice.id;
    for (ZoneRow& row : package.zone_rows(request_.layer)) {
      const bool same = std::ranges::binary_search(rows_, row.id, {}, &ZoneRow::id);
      if (same || row.notice_id == report_.notice.id) old_rows_.push_back(std::move(row));
    }
    if (request_.partial)
      std::erase_if(old_rows_,
                    [&](const ZoneRow& row) { return !std::ranges::binary_search(rows_, row.id, {}, &ZoneRow::id); });
  }

  void set_notice(const CityPackage& package, const std::vector<std::string>& titles) {
    engine::Notice& notice = report_.notice;
    notice = request_.notice;
    if (notice.id.empty()) {
      const engine::LayerKey& key = request_.layer;
      notice.id = "N-" + std::string(to_word(key.stage)) + "-" + std::to_string(key.school_year) +
                  (key.kind == "general" ? "" : "-" + key.kind);
    }
    engine::Notice old;
    for (const engine::Notice& row : package.notices()) {
      if (row.id == notice.id) old = row;
    }
    const auto keep = [](std::string& value, const std::string& was) {
      if (value.empty()) value = was;
    };
    keep(notice.title, old.title);
    if (notice.title.empty() && !titles.empty()) notice.title = titles.front();
    keep(notice.bureau, old.bureau);
    keep(notice.published, old.published);
    keep(notice.url, old.url);
    keep(notice.phone, old.phone);
    report_.notice_changed = notice.title != old.title || notice.bureau != old.bureau ||
                             notice.published != old.published || notice.url != old.url || notice.phone != old.phone ||
                             notice.id != old.id;
  }

  bool compile(const CityPackage& package, const SchoolBook& book) {
    if (!tell("names", 0, 1)) return false;
    names_.emplace(open_names(request_.snapshot, package));
    ground_.emplace(build_ground(package, *names_));
    std::vector<engine::zone_text::LintRow> lint;
    for (const ZoneRow& row : rows_) {
      lint.push_back(
          {row.school_id, book.find_id(row.school_id)->name, row.text, book.places(row.school_id, row.campus)});
    }
    engine::zone_text::LintOptions options;
    options.progress = [&](std::size_t done, std::size_t of) { return tell("rows", done, of); };
    const std::vector<engine::zone_text::LintRow> earlier = earlier_rows(package, request_.layer);
    options.pool.earlier = earlier;
    compiled_ = engine::zone_text::compile_rows(lint, *ground_, options);
    return compiled_.size() == rows_.size();
  }

  bool tell(const char* what, std::size_t done, std::size_t of) const {
    return !request_.progress || request_.progress(what, done, of);
  }

  void derive_zones(const CityPackage& package, const SchoolBook& book) {
    const auto sources = package.zone_sources(request_.layer);
    std::map<std::string, std::vector<const Zone*>> drawn;  // by school, zones of other sources
    const std::vector<Zone> zones = package.zones(request_.layer);
    for (const Zone& zone : zones) {
      if (sources.at(zone.id) == report_.source) {
        old_zones_.push_back(zone);
      } else {
        for (const std::string& school : zone.school_ids) drawn[school].push_back(&zone);
      }
    }
    // Rows of one shape make one zone, which says that its schools share it; not where no words say so.
    std::map<std::pair<std::string, std::vector<std::vector<geo::Ring>>>, std::size_t> by_shape;  // position in zones_
    std::map<const Zone*, Linked> linked;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      ZoneRow& row = rows_[i];
      const geo::MultiPolygon shape = engine::zone_text::derived_shape(compiled_[i], *ground_);
      report_.with_area += shape.empty() ? 0u : 1u;
      if (const auto found = drawn.find(row.school_id); found != drawn.end()) {
        link(row, found->second, shape, linked);
        continue;
      }
      if (shape.empty()) continue;
      const auto [at, added] =
          by_shape.emplace(std::pair(shared_with(compiled_[i], row.school_id), rings_of(shape)), zones_.size());
      if (added) zones_.push_back(new_zone(row, shape));
      Zone& zone = zones_[at->second];
      row.zone_id = zone.id;
      const std::string name = book.find_id(row.school_id)->name + row.campus;
      zone.name = zone.name.empty() ? name : zone.name + "、" + name;
      if (std::ranges::find(zone.school_ids, row.school_id) == zone.school_ids.end()) {
        zone.school_ids.push_back(row.school_id);
      }
    }
    for (const Zone& zone : zones) {
      if (const auto found = linked.find(&zone); found != linked.end()) compare_area(zone, found->second);
    }
    for (Zone& zone : zones_) std::ranges::sort(zone.school_ids);
    std::ranges::sort(zones_, {}, &Zone::id);
  }

  // Rows with the same word here say that they share what they give: empty with any school, 同乙小学 with that one.
  static std::string shared_with(const engine::zone_text::CompiledText& text, const std::string& own) {
    const bool with_any = std::ranges::any_of(text.allocations, [](const engine::zone_text::Allocation& allocation) {
      return allocation.items.empty() && allocation.mode != engine::zone_text::AllocationMode::direct;
    });
    if (with_any) return "";
    std::string with = own;
    for (std::size_t i = 0; i < text.borrowed.size(); ++i) {  // a chain ends at the row that says it in its own words
      if (engine::zone_text::is_shared_zone(text, i + 1)) with = text.borrowed[i].school_id;
    }
    return with;
  }

  static std::vector<std::vector<geo::Ring>> rings_of(const geo::MultiPolygon& shape) {
    std::vector<std::vector<geo::Ring>> rings;
    for (const geo::Polygon& part : shape) {
      rings.push_back({part.shell});
      rings.back().insert(rings.back().end(), part.holes.begin(), part.holes.end());
    }
    return rings;
  }

  Zone new_zone(const ZoneRow& row, const geo::MultiPolygon& shape) const {
    Zone zone;
    zone.id = row.id;
    zone.layer = request_.layer;
    zone.notice_id = report_.notice.id;
    zone.shape = shape;
    return zone;
  }

  void link(ZoneRow& row, const std::vector<const Zone*>& drawn, const geo::MultiPolygon& shape,
            std::map<const Zone*, Linked>& linked) {
    if (drawn.size() > 1) {
      find(row, Severity::note, "zone_several", "several zones of another source name the school; linked to none");
      return;
    }
    row.zone_id = drawn.front()->id;
    ++report_.linked;
    Linked& of = linked[drawn.front()];
    if (of.first == nullptr) of.first = &row;
    of.whole = of.whole && !shape.empty();
    of.shapes.push_back(shape);
  }

  // A zone drawn elsewhere against the area that all its rows give together; where one gives none there is nothing to
  // compare.
  void compare_area(const Zone& zone, const Linked& linked) {
    if (!linked.whole || zone.shape.empty()) return;
    try {
      const double share = intersection_over_union(geo::dissolve(linked.shapes), zone.shape);
      if (share >= kSameArea) return;
      find(*linked.first, Severity::warning, "area_differs",
           "the area the words give and the zone " + zone.id + " have " +
               std::to_string(static_cast<int>(share * 100)) + " % of their union in common");
    } catch (const InputError& error) {
      find(*linked.first, Severity::note, "area_unmeasured",
           "cannot be compared with zone " + zone.id + ": " + error.what());
    }
  }

  void find(const ZoneRow& row, Severity severity, const char* code, const std::string& message) {
    later_.push_back({severity, code, row.place, "zone", row.id, "", message, {}});
  }

  void compare(const SchoolBook& book) {
    report_.changes = compare_rows(old_rows_, rows_, book);
    report_.unchanged = report_.rows - report_.count(RowChange::added) - report_.count(RowChange::changed);
    report_.clauses = compare_clauses(old_rows_, rows_, *names_);
    compare_zones();
    add_findings();
    nlohmann::ordered_json all;
    all["report"] = nlohmann::ordered_json::parse(to_json(report_));
    for (const char* key : {"package", "file", "findings"}) all["report"].erase(key);
    for (const Zone& zone : zones_) all["zones"][zone.id] = engine::zones_fingerprint(std::span<const Zone>(&zone, 1));
    const bool nothing = report_.changes.empty() && report_.zones.empty() && !report_.notice_changed;
    if (!nothing) report_.digest = sha256_of_text(all.dump()).substr(0, kDigestChars);
  }

  void compare_zones() {
    std::map<std::string, std::pair<const Zone*, const Zone*>> pairs;
    for (const Zone& zone : old_zones_) pairs[zone.id].first = &zone;
    for (const Zone& zone : zones_) pairs[zone.id].second = &zone;
    const auto print = [](const Zone& zone) { return engine::zones_fingerprint(std::span<const Zone>(&zone, 1)); };
    for (const auto& [id, pair] : pairs) {
      const auto& [before, after] = pair;
      if (after == nullptr) {
        // A partial import removes nothing that it did not read.
        if (!request_.partial) report_.zones.push_back({RowChange::removed, id, 0});
      } else if (before == nullptr || print(*before) != print(*after)) {
        const double area = geo::flat_area_m2(after->shape);
        report_.zones.push_back({before == nullptr ? RowChange::added : RowChange::changed, id, area});
      }
    }
  }

  // Of rows that change only: what was confirmed once need not be shown again.
  void add_findings() {
    std::set<std::string> touched;
    for (const NoticeRowChange& change : report_.changes) touched.insert(change.row_id);
    for (NoticeFinding& finding : find_copy_mistakes(report_.clauses, rows_)) later_.push_back(std::move(finding));
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      for (NoticeFinding& finding : find_in_words(rows_[i], compiled_[i], *names_)) {
        later_.push_back(std::move(finding));
      }
    }
    std::erase_if(later_, [&](const NoticeFinding& finding) { return !touched.contains(finding.row_id); });
    std::ranges::stable_sort(later_, {}, &NoticeFinding::row_id);
    report_.findings.insert(report_.findings.end(), later_.begin(), later_.end());
  }

  void write(PackageWriter& writer) {
    writer.set_source(report_.source);
    writer.set_last_change(request_.last_change.empty() ? kNoClock : request_.last_change);
    writer.add(report_.notice);
    Database& database = writer.database();
    TableReport rows;
    rows.table = "zone_row";
    rows.read = static_cast<std::int64_t>(report_.rows);
    rows.added = static_cast<std::int64_t>(report_.count(RowChange::added));
    rows.changed = static_cast<std::int64_t>(report_.count(RowChange::changed));
    rows.removed = static_cast<std::int64_t>(report_.count(RowChange::removed));
    rows.unchanged = static_cast<std::int64_t>(report_.unchanged);
    rows.refused = std::ranges::count_if(report_.findings, &is_error);
    for (const NoticeRowChange& change : report_.changes) {
      if (change.change == RowChange::removed) remove(database, "zone_row", "id", change.row_id);
    }
    for (const ZoneRow& row : rows_) writer.add(row);
    for (const DerivedZoneChange& change : report_.zones) {
      if (change.change != RowChange::removed) continue;
      remove(database, "zone_school", "zone_id", change.zone_id);
      remove(database, "zone", "id", change.zone_id);
    }
    for (const Zone& zone : zones_) writer.add(zone);
    if (!report_.zones.empty()) writer.touch("zone");
    record_import_run(database, {report_.source, request_.file.filename().string(), report_.sha256, ""}, rows);
    writer.commit();
    report_.written = true;
  }

  void remove(Database& database, const std::string& table, const std::string& column, const std::string& id) const {
    auto statement = database.prepare("DELETE FROM " + table +
                                      " WHERE stage = ? AND school_year = ? AND kind = ? AND " + column + " = ?");
    statement.bind(0, to_word(request_.layer.stage));
    statement.bind(1, std::int64_t{request_.layer.school_year});
    statement.bind(2, std::string_view(request_.layer.kind));
    statement.bind(3, std::string_view(id));
    statement.run();
  }

  const NoticeRequest& request_;
  const NoticeDocument document_;
  NoticeReport report_;
  std::vector<ZoneRow> rows_;      // by id
  std::vector<ZoneRow> old_rows_;  // what they stand against, by id
  std::optional<geo::Gazetteer> names_;
  std::optional<engine::zone_text::Ground> ground_;
  std::vector<CompiledText> compiled_;  // of rows_
  std::vector<Zone> zones_;             // derived, by id
  std::vector<Zone> old_zones_;         // of this source
  std::vector<NoticeFinding> later_;
};

}  // namespace

std::string_view to_word(RowChange change) {
  switch (change) {
    case RowChange::added:
      return "added";
    case RowChange::removed:
      return "removed";
    case RowChange::changed:
      break;
  }
  return "changed";
}

std::size_t NoticeReport::count(RowChange change) const {
  return static_cast<std::size_t>(std::ranges::count(changes, change, &NoticeRowChange::change));
}

NoticeReport import_notice(const NoticeRequest& request) { return NoticeImport(request).run(); }

}  // namespace catchment::datasets
