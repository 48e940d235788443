#include "datasets/city_package.hpp"

#include <algorithm>
#include <fstream>
#include <limits>

#include "datasets/gpkg_file.hpp"
#include "datasets/gpkg_geometry.hpp"
#include "datasets/package_tables.hpp"
#include "datasets/sqlite.hpp"
#include "datasets/text.hpp"
#include "geo/input_error.hpp"
#include "geo/snapshot.hpp"

namespace catchment::datasets {
namespace {

// The current row of a query whose first column is the fid, with errors that say which row.
class Row {
 public:
  Row(const Statement& statement, const std::string& file, std::string_view table)
      : statement_(statement), file_(file), table_(table) {}

  std::string text(int column) const {
    const std::string_view value = statement_.text(column);
    if (!is_utf8_text(value)) fail("a text is not UTF-8");
    return std::string(value);
  }
  int integer(int column) const {
    const std::int64_t value = statement_.integer(column);
    if (!statement_.is_integer(column) || value < std::numeric_limits<int>::min() ||
        value > std::numeric_limits<int>::max()) {
      fail("a number is not a whole number in range");
    }
    return static_cast<int>(value);
  }
  std::optional<int> find_integer(int column) const {
    if (statement_.is_null(column)) return std::nullopt;
    return integer(column);
  }
  double real(int column) const { return statement_.real(column); }
  // Of two columns of degrees.
  std::optional<geo::Point> position(int lon_column) const {
    if (statement_.is_null(lon_column) && statement_.is_null(lon_column + 1)) return std::nullopt;
    const auto point = geo::find_point({real(lon_column), real(lon_column + 1)});
    if (!point || statement_.is_null(lon_column) || statement_.is_null(lon_column + 1))
      fail("no position on the globe");
    return point;
  }

  engine::Stage stage(std::string_view word) const {
    const auto stage = engine::find_stage(word);
    if (!stage) fail("unknown stage");
    return *stage;
  }
  engine::LayerKey layer(int stage_column) const {
    return {stage(statement_.text(stage_column)), integer(stage_column + 1), text(stage_column + 2)};
  }
  std::vector<engine::Stage> stages(int column) const {
    std::vector<engine::Stage> stages;
    const std::string list = text(column);
    for (std::size_t at = 0; at <= list.size();) {
      const std::size_t comma = std::min(list.find(',', at), list.size());
      stages.push_back(stage(trimmed(std::string_view(list).substr(at, comma - at))));
      at = comma + 1;
    }
    return stages;
  }

  std::optional<geo::Point> point(int column) const {
    if (statement_.is_null(column)) return std::nullopt;
    return geometry([&] { return point_from_gpkg(statement_.blob(column)); });
  }
  geo::Polyline line(int column) const {
    if (statement_.is_null(column)) return {};
    return geometry([&] { return line_from_gpkg(statement_.blob(column)); });
  }
  geo::MultiPolygon area(int column) const {
    if (statement_.is_null(column)) return {};
    return geometry([&] { return area_from_gpkg(statement_.blob(column)); });
  }

  [[noreturn]] void fail(const std::string& message) const {
    throw InputError("package_corrupt",
                     file_ + ": " + std::string(table_) + ", row " + std::to_string(statement_.integer(0)), message);
  }

 private:
  template <class Read>
  auto geometry(Read&& read) const -> decltype(read()) {
    try {
      return read();
    } catch (const InputError& error) {
      fail(error.what());
    }
  }

  const Statement& statement_;
  const std::string& file_;
  std::string_view table_;
};

}  // namespace

struct CityPackage::Impl {
  std::string file;
  mutable Database database;

  // visit(row) -> bool (false stops) or void, for each row of "SELECT fid, <columns> FROM <table> <rest>".
  template <class Bind, class Visit>
  void each(std::string_view table, const std::string& columns, const std::string& rest, Bind&& bind,
            Visit&& visit) const {
    with_package_errors(file, [&] {
      auto statement = database.prepare("SELECT fid, " + columns + " FROM " + std::string(table) + " " + rest);
      bind(statement);
      const Row row(statement, file, table);
      while (statement.step()) {
        if constexpr (std::is_same_v<decltype(visit(row)), bool>) {
          if (!visit(row)) return;
        } else {
          visit(row);
        }
      }
    });
  }

  template <class T, class Make>
  std::vector<T> list(std::string_view table, const std::string& columns, const std::string& order, Make&& make) const {
    std::vector<T> rows;
    each(
        table, columns, "ORDER BY " + order, [](Statement&) {}, [&](const Row& row) { rows.push_back(make(row)); });
    return rows;
  }

  std::vector<engine::LayerKey> layers_of(std::string_view table) const {
    std::vector<engine::LayerKey> layers;
    each(
        table, "stage, school_year, kind", "GROUP BY stage, school_year, kind", [](Statement&) {},
        [&](const Row& row) { layers.push_back(row.layer(1)); });
    std::ranges::sort(layers);
    return layers;
  }

  std::vector<engine::Line> lines(std::string_view table) const {
    return list<engine::Line>(table, "id, name, kind, geom", "id", [](const Row& row) {
      return engine::Line{row.text(1), row.text(2), row.text(3), row.line(4)};
    });
  }
};

CityPackage::CityPackage(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

CityPackage CityPackage::open(const std::filesystem::path& path) {
  const std::string file = path.string();
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored)) throw InputError("package_open", file, "no such file");
  return with_package_errors(file, [&] {
    auto impl = std::make_shared<Impl>(Impl{file, Database::open(path, Database::Mode::read)});
    verify_package(impl->database, file);
    return CityPackage(std::move(impl));
  });
}

std::map<std::string, std::string> CityPackage::meta() const {
  std::map<std::string, std::string> meta;
  impl_->each(
      "catchment_meta", "key, value", "", [](Statement&) {}, [&](const Row& row) { meta[row.text(1)] = row.text(2); });
  return meta;
}

bool CityPackage::synthetic() const {
  const auto all = meta();
  const auto found = all.find("synthetic");
  return found != all.end() && found->second == "yes";
}

std::uint64_t CityPackage::stamp() const {
  constexpr std::size_t kHeaderBytes = 100;  // sqlite.org/fileformat2.html
  constexpr std::int64_t kSamples = 128;
  std::string all(kHeaderBytes, '\0');
  std::ifstream(impl_->file, std::ios::binary).read(all.data(), static_cast<std::streamsize>(all.size()));
  for (const auto& [key, value] : meta()) all.append(key).append("=").append(value).append("\n");
  with_package_errors(impl_->file, [&] {
    const auto append_rows = [&](Statement& rows, int columns) {
      while (rows.step()) {
        for (int i = 0; i < columns; ++i) {
          const auto bytes = rows.blob(i);  // a number as SQLite writes it
          all.append(reinterpret_cast<const char*>(bytes.data()), bytes.size()).append("\n");
        }
      }
    };
    auto runs = impl_->database.prepare("SELECT run, source, sha256, target, rows_read FROM import_run ORDER BY run");
    append_rows(runs, 5);
    for (const Table& table : package_tables()) {
      const std::string name(table.name);
      auto last = impl_->database.prepare("SELECT max(fid) FROM " + name);
      const std::int64_t max = last.step() ? last.integer(0) : 0;
      all.append(name).append(" ").append(std::to_string(max)).append("\n");
      std::string columns = table.shape == Shape::none ? "fid" : "fid, geom";
      for (const Column& column : table.columns) columns.append(", ").append(column.name);
      auto row =
          impl_->database.prepare("SELECT " + columns + " FROM " + name + " WHERE fid >= ? ORDER BY fid LIMIT 1");
      const int count = static_cast<int>(table.columns.size()) + (table.shape == Shape::none ? 1 : 2);
      for (std::int64_t i = 0; i < std::min(kSamples, max); ++i) {
        row.bind(0, 1 + i * (max / kSamples));
        append_rows(row, count);
        row.reset();
      }
    }
  });
  return geo::fingerprint(std::as_bytes(std::span<const char>(all)));
}

std::vector<engine::LayerKey> CityPackage::layers() const { return impl_->layers_of("zone"); }
std::vector<engine::LayerKey> CityPackage::zone_row_layers() const { return impl_->layers_of("zone_row"); }

namespace {
auto bind_to(const engine::LayerKey& layer) {
  return [&layer](Statement& statement) {
    statement.bind(0, to_word(layer.stage));
    statement.bind(1, std::int64_t{layer.school_year});
    statement.bind(2, std::string_view(layer.kind));
  };
}
}  // namespace

std::vector<engine::Zone> CityPackage::zones(const engine::LayerKey& layer) const {
  const auto bind_layer = bind_to(layer);
  std::map<std::string, std::vector<std::string>> schools;
  impl_->each("zone_school", "zone_id, school_id",
              "WHERE stage = ? AND school_year = ? AND kind = ? ORDER BY zone_id, school_id", bind_layer,
              [&](const Row& row) { schools[row.text(1)].push_back(row.text(2)); });
  std::vector<engine::Zone> zones;
  impl_->each("zone", "id, name, notice_id, valid_from, valid_to, geom",
              "WHERE stage = ? AND school_year = ? AND kind = ? ORDER BY id", bind_layer, [&](const Row& row) {
                engine::Zone zone{row.text(1), layer,       row.text(2), {},
                                  row.text(3), row.text(4), row.text(5), row.area(6)};
                if (const auto named = schools.find(zone.id); named != schools.end()) zone.school_ids = named->second;
                zones.push_back(std::move(zone));
              });
  return zones;
}

std::map<std::string, std::string> CityPackage::zone_sources(const engine::LayerKey& layer) const {
  std::map<std::string, std::string> sources;
  impl_->each("zone", "id, source", "WHERE stage = ? AND school_year = ? AND kind = ?", bind_to(layer),
              [&](const Row& row) { sources[row.text(1)] = row.text(2); });
  return sources;
}

std::vector<engine::School> CityPackage::schools() const {
  return impl_->list<engine::School>("school", "id, name, stages, status, ownership", "id", [](const Row& row) {
    return engine::School{row.text(1), row.text(2), row.stages(3), row.text(4), row.text(5)};
  });
}

std::vector<engine::Campus> CityPackage::campuses() const {
  return impl_->list<engine::Campus>("campus", "id, school_id, name, geom", "id", [](const Row& row) {
    const auto position = row.point(4);
    if (!position) row.fail("no position");
    return engine::Campus{row.text(1), row.text(2), row.text(3), *position};
  });
}

std::vector<engine::Notice> CityPackage::notices() const {
  return impl_->list<engine::Notice>("notice", "id, title, bureau, published, url, phone", "id", [](const Row& row) {
    return engine::Notice{row.text(1), row.text(2), row.text(3), row.text(4), row.text(5), row.text(6)};
  });
}

std::vector<engine::ZoneRow> CityPackage::zone_rows(const engine::LayerKey& layer) const {
  std::vector<engine::ZoneRow> rows;
  impl_->each("zone_row", "id, school_id, campus, text, notice_id, place, phone, remark, zone_id, classes",
              "WHERE stage = ? AND school_year = ? AND kind = ? ORDER BY id", bind_to(layer), [&](const Row& row) {
                rows.push_back({row.text(1), layer, row.text(2), row.text(3), row.text(4), row.text(5), row.text(6),
                                row.text(7), row.text(8), row.text(9), row.find_integer(10)});
              });
  return rows;
}

std::vector<engine::Place> CityPackage::places() const {
  return impl_->list<engine::Place>("place", "id, kind, name, parent_id, lon, lat, geom", "id", [](const Row& row) {
    return engine::Place{row.text(1), row.text(2), row.text(3), row.text(4), row.position(5), row.area(7)};
  });
}

std::vector<engine::Alias> CityPackage::aliases() const {
  return impl_->list<engine::Alias>("alias", "kind, name, alias, relation", "kind, name, alias", [](const Row& row) {
    return engine::Alias{row.text(1), row.text(2), row.text(3), row.text(4)};
  });
}

std::vector<engine::Unit> CityPackage::units() const {
  return impl_->list<engine::Unit>("unit", "id, name, geom", "id", [](const Row& row) {
    return engine::Unit{row.text(1), row.text(2), row.area(3)};
  });
}

std::vector<engine::Line> CityPackage::streets() const { return impl_->lines("street"); }
std::vector<engine::Line> CityPackage::barriers() const { return impl_->lines("barrier"); }

std::vector<engine::Housing> CityPackage::housing() const {
  return impl_->list<engine::Housing>("housing", "id, name, unit_id, kind, dwellings, completion_year, geom", "id",
                                      [](const Row& row) {
                                        return engine::Housing{row.text(1),    row.text(2),    row.text(3), row.text(4),
                                                               row.integer(5), row.integer(6), row.point(7)};
                                      });
}

std::vector<engine::UnitChildren> CityPackage::unit_children() const {
  return impl_->list<engine::UnitChildren>(
      "unit_children", "unit_id, year, age, children", "unit_id, year, age", [](const Row& row) {
        return engine::UnitChildren{row.text(1), row.integer(2), row.integer(3), row.integer(4)};
      });
}

std::vector<engine::Enrolment> CityPackage::enrolment() const {
  return impl_->list<engine::Enrolment>(
      "enrolment", "school_id, school_year, grade, classes, pupils", "school_id, school_year, grade",
      [](const Row& row) {
        return engine::Enrolment{row.text(1), row.integer(2), row.integer(3), row.integer(4), row.integer(5)};
      });
}

std::vector<engine::Births> CityPackage::births() const {
  return impl_->list<engine::Births>(
      "birth", "unit_id, year, month, births", "unit_id, year, month", [](const Row& row) {
        return engine::Births{row.text(1), row.integer(2), row.integer(3), row.integer(4)};
      });
}

std::vector<engine::Feeder> CityPackage::feeders() const {
  return impl_->list<engine::Feeder>(
      "feeder", "from_school_id, to_school_id, school_year, share, condition",
      "from_school_id, to_school_id, school_year, condition", [](const Row& row) {
        return engine::Feeder{row.text(1), row.text(2), row.integer(3), row.real(4), row.text(5)};
      });
}

std::vector<engine::Plan> CityPackage::plans() const {
  return impl_->list<engine::Plan>("plan", "id, name, stage, school_year, kind", "id", [](const Row& row) {
    return engine::Plan{row.text(1), row.text(2), row.layer(3)};
  });
}

std::vector<engine::PlanUnit> CityPackage::plan_units() const {
  return impl_->list<engine::PlanUnit>("plan_unit", "plan_id, unit_id, school_id", "plan_id, unit_id",
                                       [](const Row& row) {
                                         return engine::PlanUnit{row.text(1), row.text(2), row.text(3)};
                                       });
}

std::int64_t CityPackage::address_count() const {
  return with_package_errors(impl_->file, [&] {
    auto statement = impl_->database.prepare("SELECT count(*) FROM address");
    statement.step();
    return statement.integer(0);
  });
}

void CityPackage::for_each_address(const std::function<bool(const engine::Address&)>& visit) const {
  engine::Address address;
  impl_->each(
      "address", "id, text, street, door, estate, unit_id, error_m, geom", "ORDER BY fid", [](Statement&) {},
      [&](const Row& row) -> bool {
        address.id = row.text(1);
        address.text = row.text(2);
        address.street = row.text(3);
        address.door = row.text(4);
        address.estate = row.text(5);
        address.unit_id = row.text(6);
        address.error_m = row.real(7);
        address.position = row.point(8);
        return visit(address);
      });
}

}  // namespace catchment::datasets
