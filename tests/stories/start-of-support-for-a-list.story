# A mailing list as asker (S8) gets one guide, for all of its members.
at 2026-04-01 10:00 +0900
sold C-003 premium ja 2026-04-01..2027-03-31 株式会社リスト
    list DB チーム <db@lists.customer.example> db.lists.customer.example
< guide
    to db@lists.customer.example
    says DB チーム 各位
    says このメーリングリストを通してお送りください
nothing

at +1d
nothing
