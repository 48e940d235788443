#include "datasets/importer/importer.hpp"

#include <ogr_geometry.h>

#include <algorithm>
#include <future>
#include <map>
#include <memory>
#include <tuple>

#include "datasets/city_package.hpp"
#include "datasets/gpkg_file.hpp"
#include "datasets/importer/crs_check.hpp"
#include "datasets/importer/import_run.hpp"
#include "datasets/importer/mapping.hpp"
#include "datasets/importer/sha256.hpp"
#include "datasets/importer/shape_reader.hpp"
#include "datasets/importer/source.hpp"
#include "datasets/importer/stage.hpp"
#include "datasets/package_writer.hpp"
#include "geo/input_error.hpp"

namespace catchment::datasets {
namespace {

constexpr std::int64_t kRowsPerTick = 4096;

std::string default_source_name(const std::filesystem::path& file) {
  // Only what tells the format: "zones.2023.geojson.gz" and "zones.2024.geojson.gz" are two sources.
  std::filesystem::path name = file.filename();
  if (name.extension() == ".gz" || name.extension() == ".zip" || name.extension() == ".pbf") name = name.stem();
  return name.stem().string();
}

// One run of an import, in the order of its steps.
class Import {
 public:
  explicit Import(const ImportRequest& request)
      : request_(request),
        mapping_(load_mapping(request.mapping, request.variables)),
        source_(open_source(request.file, mapping_, request.mapping.string())) {
    report_.package = request.package.string();
    report_.file = request.file.string();
    report_.source = request.source.empty() ? default_source_name(request.file) : request.source;
    report_.dry_run = request.dry_run;
  }

  ImportReport run() {
    auto sha256 = std::async(std::launch::async, [&] { return sha256_of_file(request_.file); });
    choose_crs();
    PackageWriter writer(request_.package, PackageWriter::Start::from_existing);
    with_package_errors(report_.package, [&] {
      writer_ = &writer;
      anchors_ = std::make_unique<AnchorCheck>(writer.database(), report_.source);
      make_stages();
      if (!read_rows()) return;
      check_anchors();
      report_.sha256 = sha256.get();
      apply();
    });
    if (!report_.cancelled && !request_.dry_run) writer.commit();
    return std::move(report_);
  }

 private:
  struct Sink {  // a table that is filled
    std::unique_ptr<Stage> stage;
    TableReport report;
    geo::Box box;
  };

  bool wants_geometry(std::size_t layer) const {
    for (std::size_t i = 0; i < mapping_.targets.size(); ++i) {
      if (source_->layer_of(i) == layer && mapping_.targets[i].geometry != GeometryUse::none) return true;
    }
    return false;
  }

  void choose_crs() {
    readers_.resize(source_->layers().size());
    unchecked_.resize(source_->layers().size());
    crs_.resize(source_->layers().size());
    for (std::size_t layer = 0; layer < readers_.size(); ++layer) {
      if (!wants_geometry(layer)) continue;
      const auto stated = source_->declared_crs(layer);
      crs_[layer] = choose_crs_of(request_.crs, stated, report_.file);
      readers_[layer] = std::make_unique<ShapeReader>(crs_[layer]);
      if (stated && request_.crs != "file" && !request_.force_crs) unchecked_[layer] = stated;
      const std::string text = geo::to_text(crs_[layer]);
      if (report_.crs.find(text) == std::string::npos) report_.crs += (report_.crs.empty() ? "" : ", ") + text;
    }
  }

  Sink& sink(const Table& table, bool direct) {
    Sink& sink = sinks_[std::string(table.name)];
    if (!sink.stage) {
      sink.stage = std::make_unique<Stage>(writer_->database(), table, report_.source, direct);
      sink.report.table = table.name;
    }
    return sink;
  }

  void make_stages() {
    for (const Target& target : mapping_.targets) {
      const auto feeding = std::ranges::count(mapping_.targets, target.table, &Target::table);
      auto any = writer_->database().prepare("SELECT 1 FROM " + std::string(target.table->name) + " LIMIT 1");
      const bool direct = target.table->name == "address" && feeding == 1 && !any.step();
      any.reset();
      target_sinks_.push_back(&sink(*target.table, direct));
    }
    for (const Target& target : mapping_.targets) {
      if (target.schools) zone_schools_ = &sink(*find_table("zone_school"), false);
    }
    by_layer_.resize(source_->layers().size());
    for (std::size_t i = 0; i < mapping_.targets.size(); ++i) by_layer_[source_->layer_of(i)].push_back(i);
  }

  // False if cancelled.
  bool read_rows() {
    SourceFeature feature;
    std::int64_t rows = 0;
    while (source_->next(feature)) {
      evaluator_.begin(feature.row);
      check_file_crs(feature);
      for (const std::size_t target : by_layer_[feature.layer]) take(feature, target);
      if (++rows % kRowsPerTick == 0 && request_.progress && !request_.progress({rows, source_->progress()})) {
        report_.cancelled = true;
        return false;
      }
    }
    if (rows == 0) throw InputError("source_empty", report_.file, "has no rows");
    return true;
  }

  void check_file_crs(const SourceFeature& feature) {
    auto& stated = unchecked_[feature.layer];
    if (!stated || feature.geometry == nullptr || feature.geometry->IsEmpty() != 0) return;
    OGREnvelope box;
    feature.geometry->getEnvelope(&box);
    check_crs_of_file(crs_[feature.layer], *stated, (box.MinX + box.MaxX) / 2, (box.MinY + box.MaxY) / 2, report_.file);
    stated.reset();
  }

  void take(const SourceFeature& feature, std::size_t number) {
    const Target& target = mapping_.targets[number];
    Sink& sink = *target_sinks_[number];
    const Origin origin{feature.row.row, feature.row.fid, number};
    ++sink.report.read;
    try {
      if (!feature.problem.empty()) throw RowProblem{"", "row_ragged", feature.problem};
      if (!evaluator_.selects(target)) {
        ++sink.report.passed;
        return;
      }
      evaluator_.columns(target, cells_);
      evaluator_.schools(target, schools_);
      switch (target.geometry == GeometryUse::none ? Shape::none : target.table->shape) {
        case Shape::none:
          sink.stage->add(origin, {}, cells_);
          break;
        case Shape::point:
          add_point(feature, target, origin, sink);
          break;
        case Shape::line:
          add_lines(feature, origin, sink);
          break;
        case Shape::area:
          if (target.table->name == "place") {
            add_place(feature, target, origin, sink);
          } else {
            add_area(feature, target, origin, sink);
          }
          break;
      }
      add_zone_schools(target, origin);
    } catch (const RowProblem& problem) {
      refuse(origin, sink.report, problem);
    }
  }

  static const OGRGeometry& geometry_of(const SourceFeature& feature) {
    if (feature.geometry == nullptr) throw RowProblem{"geometry", "geometry_missing", "has no geometry"};
    return *feature.geometry;
  }

  // Known by its text alone, which is not the same as a position that cannot be used.
  bool has_no_position(const SourceFeature& feature, const Target& target) {
    if (target.x) return evaluator_.text(*target.x).empty() && evaluator_.text(*target.y).empty();
    return feature.geometry == nullptr || feature.geometry->IsEmpty() != 0;
  }

  void add_point(const SourceFeature& feature, const Target& target, const Origin& origin, Sink& sink) {
    if (!target.table->shape_required && has_no_position(feature, target)) {
      sink.stage->add(origin, {}, cells_);
      return;
    }
    const ShapeReader& reader = *readers_[feature.layer];
    geo::Point point;
    double x = 0;
    double y = 0;
    if (target.x) {
      std::tie(x, y) = told_position(target);
      point = reader.position(x, y);
    } else if (target.geometry == GeometryUse::centroid) {
      point = reader.centroid(geometry_of(feature));
    } else {
      point = reader.point(geometry_of(feature));
      OGREnvelope box;
      feature.geometry->getEnvelope(&box);
      x = box.MinX;
      y = box.MinY;
    }
    to_gpkg(point, blob_);
    sink.stage->add(origin, blob_, cells_);
    sink.box.extend(point);
    if (target.table->name == "campus" && target.geometry == GeometryUse::shape && !anchors_->empty()) {
      anchors_->add_campus(std::get<std::string_view>(cells_[0]), std::get<std::string_view>(cells_[1]),
                           std::get<std::string_view>(cells_[2]), x, y);
      anchor_layer_ = feature.layer;
    }
  }

  std::pair<double, double> told_position(const Target& target) {
    try {
      return {evaluator_.number(*target.x), evaluator_.number(*target.y)};
    } catch (RowProblem& problem) {
      problem.field = "geometry";
      throw;
    }
  }

  // A place has an area, a position (two fields, or a geometry that is a point), both or neither.
  void add_place(const SourceFeature& feature, const Target& target, const Origin& origin, Sink& sink) {
    const ShapeReader& reader = *readers_[feature.layer];
    std::optional<geo::Point> position;
    if (target.x && !(evaluator_.text(*target.x).empty() && evaluator_.text(*target.y).empty())) {
      const auto [x, y] = told_position(target);
      position = reader.position(x, y);
    }
    blob_.clear();
    if (feature.geometry != nullptr && feature.geometry->IsEmpty() == 0) {
      if (wkbFlatten(feature.geometry->getGeometryType()) == wkbPoint) {
        if (!position) position = reader.point(*feature.geometry);
      } else {
        to_gpkg(reader.area(*feature.geometry), blob_);
      }
    }
    if (position) {
      const geo::Degrees degrees = geo::to_degrees(*position);
      cells_[column_index(*target.table, "lon")] = degrees.lon;
      cells_[column_index(*target.table, "lat")] = degrees.lat;
    }
    sink.stage->add(origin, blob_, cells_);
  }

  // A line of several parts becomes several rows: id, id#2, id#3, ...
  void add_lines(const SourceFeature& feature, const Origin& origin, Sink& sink) {
    const auto lines = readers_[feature.layer]->lines(geometry_of(feature));
    const std::string id(std::get<std::string_view>(cells_[0]));
    std::string part_id = id;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (i > 0) part_id = id + "#" + std::to_string(i + 1);
      cells_[0] = std::string_view(part_id);
      to_gpkg(lines[i], blob_);
      sink.stage->add(origin, blob_, cells_);
    }
  }

  void add_area(const SourceFeature& feature, const Target& target, const Origin& origin, Sink& sink) {
    const geo::MultiPolygon area = readers_[feature.layer]->area(geometry_of(feature));
    to_gpkg(area, blob_);
    sink.stage->add(origin, blob_, cells_);
    if (anchors_->empty()) return;
    anchors_->add_area(area);
    if (target.table->name == "zone") anchors_->add_zone(area, schools_);
    anchor_layer_ = feature.layer;
  }

  void add_zone_schools(const Target& target, const Origin& origin) {
    if (!target.schools) return;
    const auto cell = [&](const char* column) { return cells_[column_index(*target.table, column)]; };
    for (const std::string_view school : schools_) {
      const std::vector<Cell> cells{cell("stage"), cell("school_year"), cell("kind"), cell("id"), school};
      zone_schools_->stage->add(origin, {}, cells);
      ++zone_schools_->report.read;
    }
  }

  void refuse(const Origin& origin, TableReport& table, const RowProblem& problem) {
    ++table.refused;
    ++report_.refused_total;
    if (report_.refused.size() >= request_.refused_limit) return;
    report_.refused.push_back({source_->layers()[source_->layer_of(origin.target)], origin.row, origin.fid, table.table,
                               problem.field, problem.code, problem.reason});
  }

  void check_anchors() {
    if (!anchor_layer_) return;
    report_.crs_check = anchors_->verdict(crs_[*anchor_layer_], report_.file, request_.force_crs);
  }

  void apply() {
    drop_conflicts();
    for (const Table& table : package_tables()) drop_unknown(table);
    std::int64_t accepted = 0;
    for (auto& [name, sink] : sinks_) accepted += sink.stage->count();
    if (accepted == 0) throw InputError("nothing_accepted", report_.file, "no row can be taken; " + first_refusal());
    for (auto& [name, sink] : sinks_) {
      sink.stage->apply(sink.report, request_.id_limit);
      writer_->touch(name, sink.stage->direct() ? std::optional(sink.box) : std::nullopt);
      record_run(sink.report);
      report_.tables.push_back(sink.report);
    }
    sinks_.clear();  // no statement may outlive the transaction
    carry_meta();
    if (!mapping_.attribution.empty()) writer_->set_meta("attribution:" + report_.source, mapping_.attribution);
    writer_->set_last_change(request_.last_change.empty() ? kNoClock : request_.last_change);
  }

  // What another city package says of itself comes along: rows of a made-up city must not look real here.
  void carry_meta() {
    if (request_.file.extension() != ".gpkg") return;
    try {
      for (const auto& [key, value] : CityPackage::open(request_.file).meta()) {
        if (key != "schema_version") writer_->set_meta(key, value);
      }
    } catch (const InputError&) {  // a GeoPackage, but no city package
    }
  }

  void drop_conflicts() {
    for (auto& [name, sink] : sinks_) {
      if (&sink == zone_schools_) continue;
      std::string keys;
      for (const std::string_view key : sink.stage->table().key) keys.append(keys.empty() ? "" : ", ").append(key);
      sink.stage->drop_conflicts(
          [&, table = &sink.report](const Origin& origin, const char* code, const std::string& reason) {
            refuse(origin, *table, {keys, code, reason});
            if (zone_schools_ != nullptr && mapping_.targets[origin.target].schools) zone_schools_->stage->drop(origin);
          });
    }
    if (zone_schools_ == nullptr) return;
    zone_schools_->stage->drop_conflicts([&](const Origin& origin, const char* code, const std::string& reason) {
      refuse(origin, zone_schools_->report, {"school_id", code, reason});
    });
  }

  // After the tables it refers to, which come first.
  void drop_unknown(const Table& table) {
    const auto found = sinks_.find(std::string(table.name));
    if (found == sinks_.end()) return;
    const auto select = [&](const std::string& of, std::string_view column) {
      const auto sink = sinks_.find(of);
      return sink != sinks_.end() ? sink->second.stage->select_of(column) : select_all(of, column);
    };
    for (const Column& column : table.columns) {
      found->second.stage->drop_unknown(
          column, select, [&](const Origin& origin, const char* code, const std::string& reason) {
            refuse(origin, found->second.report, {std::string(column.name), code, reason});
          });
    }
  }

  std::string first_refusal() const {
    if (report_.refused.empty()) return "every row was passed over by where or skip";
    const RefusedRow& first = report_.refused.front();
    return "the first, row " + std::to_string(first.row) + ", because " + first.field + ": " + first.reason;
  }

  void record_run(const TableReport& table) {
    const ImportRun run{report_.source, request_.file.filename().string(), report_.sha256, report_.crs};
    record_import_run(writer_->database(), run, table);
  }

  const ImportRequest& request_;
  ImportReport report_;
  Mapping mapping_;
  std::unique_ptr<Source> source_;
  std::vector<geo::Crs> crs_;                          // by layer
  std::vector<std::unique_ptr<ShapeReader>> readers_;  // by layer; null if no target wants its geometry
  std::vector<std::optional<DeclaredCrs>> unchecked_;  // by layer: still to be compared with what was declared
  PackageWriter* writer_ = nullptr;
  std::unique_ptr<AnchorCheck> anchors_;
  std::optional<std::size_t> anchor_layer_;
  std::map<std::string, Sink> sinks_;  // by table
  std::vector<Sink*> target_sinks_;
  Sink* zone_schools_ = nullptr;
  std::vector<std::vector<std::size_t>> by_layer_;  // layer -> its targets
  Evaluator evaluator_;
  std::vector<Cell> cells_;
  std::vector<std::string_view> schools_;
  Blob blob_;
};

}  // namespace

ImportReport import_source(const ImportRequest& request) { return Import(request).run(); }

}  // namespace catchment::datasets
