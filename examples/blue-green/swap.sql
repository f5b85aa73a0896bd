-- Each statement is atomic: nobody finds the name missing. Between the two, queries of the new models
-- run on the old cluster, which gives the same answers, though without the help of the new indexes.
ALTER SCHEMA shop.shop SWAP WITH shop_next;
ALTER CLUSTER shop SWAP WITH shop_next;
