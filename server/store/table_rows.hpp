// All rows of a store in an order that both back ends share.
#pragma once

#include <functional>

#include "server/store/connection.hpp"

namespace catchment::store {

std::string quoted_name(const std::string& name);
std::string column_list(const Table& table);

// By primary key, a page at a time. Throws StoreError{statement} if it has none.
void each_row(Session& session, const Table& table, const std::function<void(const Row&)>& take);

}  // namespace catchment::store
