#include "datasets/city_package.hpp"

#include <algorithm>
#include <fstream>

#include "datasets/city_package_rows.hpp"
#include "datasets/package_tables.hpp"
#include "geo/snapshot.hpp"

namespace catchment::datasets {
namespace {
using Row = PackageRow;
}  // namespace

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
  return impl_->list<engine::Unit>("unit", "id, name, district_id, geom", "id", [](const Row& row) {
    return engine::Unit{row.text(1), row.text(2), row.text(3), row.area(4)};
  });
}

std::vector<engine::Line> CityPackage::streets() const { return impl_->lines("street"); }
std::vector<engine::Line> CityPackage::barriers() const { return impl_->lines("barrier"); }

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

void CityPackage::for_each_address_position(
    const std::function<void(std::string_view unit_id, geo::Point)>& visit) const {
  impl_->each(
      "address", "unit_id, geom", "WHERE unit_id <> '' AND geom IS NOT NULL ORDER BY fid", [](Statement&) {},
      [&](const Row& row) {
        if (const auto point = row.point(2)) visit(row.view(1), *point);
      });
}

std::string CityPackage::where(std::string_view table, const std::vector<std::string>& key) const {
  const std::string place = impl_->file + ": " + std::string(table);
  const Table* known = find_table(table);
  if (known == nullptr || known->key.size() != key.size()) return place;
  return with_package_errors(impl_->file, [&] {
    std::string sql = "SELECT fid FROM " + std::string(table) + " WHERE ";
    for (const std::string_view column : known->key) {
      sql.append(column == known->key.front() ? "" : " AND ").append(column).append(" = ?");
    }
    auto statement = impl_->database.prepare(sql);
    for (std::size_t i = 0; i < key.size(); ++i) statement.bind(static_cast<int>(i), std::string_view(key[i]));
    return statement.step() ? place + ", row " + std::to_string(statement.integer(0)) : place;
  });
}

}  // namespace catchment::datasets
