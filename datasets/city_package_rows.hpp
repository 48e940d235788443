// How the lists of a city package are read; for the parts of CityPackage only.
#pragma once

#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "datasets/city_package.hpp"
#include "datasets/gpkg_file.hpp"
#include "datasets/gpkg_geometry.hpp"
#include "datasets/sqlite.hpp"
#include "datasets/text.hpp"
#include "geo/input_error.hpp"

namespace catchment::datasets {

// The current row of a query whose first column is the fid, with errors that say which row.
class PackageRow {
 public:
  PackageRow(const Statement& statement, const std::string& file, std::string_view table)
      : statement_(statement), file_(file), table_(table) {}

  std::string text(int column) const {
    const std::string_view value = statement_.text(column);
    if (!is_utf8_text(value)) fail("a text is not UTF-8");
    return std::string(value);
  }
  std::string_view view(int column) const { return statement_.text(column); }  // until the next row
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
      const PackageRow row(statement, file, table);
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
        table, columns, "ORDER BY " + order, [](Statement&) {},
        [&](const PackageRow& row) { rows.push_back(make(row)); });
    return rows;
  }

  std::vector<engine::LayerKey> layers_of(std::string_view table) const {
    std::vector<engine::LayerKey> layers;
    each(
        table, "stage, school_year, kind", "GROUP BY stage, school_year, kind", [](Statement&) {},
        [&](const PackageRow& row) { layers.push_back(row.layer(1)); });
    std::ranges::sort(layers);
    return layers;
  }

  std::vector<engine::Line> lines(std::string_view table) const {
    return list<engine::Line>(table, "id, name, kind, geom", "id", [](const PackageRow& row) {
      return engine::Line{row.text(1), row.text(2), row.text(3), row.line(4)};
    });
  }
};

}  // namespace catchment::datasets
