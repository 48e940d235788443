#include "datasets/feature_file.hpp"

#include <map>

#include "datasets/gpkg_file.hpp"
#include "datasets/gpkg_geometry.hpp"
#include "datasets/partial_file.hpp"
#include "datasets/sqlite.hpp"

namespace catchment::datasets {

struct FeatureFile::Impl {
  explicit Impl(const std::filesystem::path& target)
      : file(target), database(Database::open(file.path(), Database::Mode::write)) {
    database.execute("BEGIN");
    create_geopackage(database);
  }

  struct Table {
    Statement insert;
    geo::Box box;
  };

  PartialFile file;
  Database database;
  std::map<std::string, Table> tables;
  Blob blob;
};

FeatureFile::FeatureFile(const std::filesystem::path& target) : impl_(std::make_unique<Impl>(target)) {}
FeatureFile::~FeatureFile() = default;

void FeatureFile::add_table(const std::string& name, const std::string& title, const std::string& geometry,
                            const std::vector<FeatureColumn>& columns) {
  std::string create = "CREATE TABLE " + name + " (fid INTEGER PRIMARY KEY, geom BLOB";
  std::string insert = "INSERT INTO " + name + " VALUES (NULL, ?";
  for (const FeatureColumn& column : columns) {
    create.append(", ").append(column.name).append(" ").append(column.type);
    insert += ", ?";
  }
  impl_->database.execute(create + ")");
  register_features(impl_->database, name, title, geometry);
  impl_->tables.emplace(name, Impl::Table{impl_->database.prepare(insert + ")"), {}});
}

void FeatureFile::add(const std::string& table, const FeatureGeometry& geometry,
                      const std::vector<FeatureValue>& values) {
  Impl::Table& into = impl_->tables.at(table);
  if (const auto* point = std::get_if<geo::Point>(&geometry)) {
    to_gpkg(*point, impl_->blob);
    into.box.extend(*point);
  } else if (const auto* line = std::get_if<geo::Polyline>(&geometry)) {
    to_gpkg(*line, impl_->blob);
    for (const geo::Point p : *line) into.box.extend(p);
  } else if (const auto* area = std::get_if<geo::MultiPolygon>(&geometry)) {
    to_gpkg(*area, impl_->blob);
    into.box.extend(geo::bounding_box(*area));
  }
  if (std::holds_alternative<std::monostate>(geometry)) {
    into.insert.bind_null(0);
  } else {
    into.insert.bind(0, std::span<const std::byte>(impl_->blob));
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    const int index = static_cast<int>(i) + 1;
    std::visit(
        [&](const auto& value) {
          if constexpr (std::is_same_v<std::decay_t<decltype(value)>, std::string>) {
            into.insert.bind(index, std::string_view(value));
          } else {
            into.insert.bind(index, value);
          }
        },
        values[i]);
  }
  into.insert.run();
}

void FeatureFile::commit() {
  for (const auto& [name, table] : impl_->tables) write_contents(impl_->database, name, table.box);
  impl_->database.execute("COMMIT");
  impl_->tables.clear();
  impl_->database = Database();
  impl_->file.publish();
}

}  // namespace catchment::datasets
